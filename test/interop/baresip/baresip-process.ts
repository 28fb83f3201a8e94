import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "../../support/free-ports.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { encodeNetstring, NetstringReader } from "./netstring.ts";

/** The account that a baresip registers with. */
export interface BaresipAccount {
  readonly user: string;
  readonly domain: string;
  readonly authenticationName: string;
  readonly password: string;
  /** Where its requests go. */
  readonly proxyHost: string;
  readonly proxyPort: number;
  readonly transport: "udp" | "tcp";
  /** `auto`: picks up at once. */
  readonly answer: "auto" | "manual";
}

/** What baresip tells on its own: `CALL_RINGING`, `CALL_ESTABLISHED`, `CALL_CLOSED`, … */
export interface BaresipEvent {
  readonly type: string;
  /** What goes with it: the reason of a call's end, for one. */
  readonly param: string | undefined;
}

interface Message {
  readonly event?: boolean;
  readonly response?: boolean;
  readonly type?: string;
  readonly param?: string;
  readonly data?: string;
  readonly token?: string;
}

/** Where Debian puts baresip's modules; `BARESIP_MODULES` says another folder. */
const moduleFolder = process.env.BARESIP_MODULES ?? "/usr/lib/baresip/modules";

/** A baresip of its own configuration, driven through its control socket. Whoever starts one calls `stop()`. */
export class Baresip {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #events: BaresipEvent[] = [];
  readonly #answers = new Map<string, string>();
  #control: Socket | undefined;
  #commands = 0;
  #output = "";

  private constructor(folder: string) {
    this.#folder = folder;
    this.#process = spawn("baresip", ["-f", folder], { stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding("utf8");
      stream?.on("data", (text: string) => {
        this.#output = (this.#output + text).slice(-20_000);
      });
    }
  }

  /** Starts one and waits until it has registered. */
  static async start(account: BaresipAccount): Promise<Baresip> {
    const folder = await mkdtemp(join(tmpdir(), "baresip-"));
    const [controlPort = 0] = await freePorts(1);
    await writeFile(join(folder, "config"), configuration(controlPort));
    await writeFile(join(folder, "accounts"), accountLine(account), { mode: 0o600 });
    const baresip = new Baresip(folder);
    try {
      await baresip.#takeControl(controlPort);
      await baresip.#registered();
    } catch (error) {
      await baresip.stop();
      throw error;
    }
    return baresip;
  }

  /** What it has printed. */
  get output(): string {
    return this.#output;
  }

  /** Waits for an event, also one that has come already; each one is found once. */
  async waitFor(type: string): Promise<BaresipEvent> {
    return await this.#patiently(`baresip tells of ${type}`, async () => this.#takeEvent(type));
  }

  /** Calls a number or a name; baresip adds its own domain. */
  async dial(target: string): Promise<void> {
    await this.#command("dial", target);
  }

  /** Ends its call. */
  async hangUp(): Promise<void> {
    await this.#command("hangup");
  }

  /**
   * RTP packets that came in during the call that has just ended (it prints a table then).
   * @throws Error when it has printed none
   */
  async packetsReceived(): Promise<number> {
    return await this.#patiently("baresip prints what it measured of the call", async () => {
      const match = /packets: +[0-9]+ +([0-9]+)/.exec(this.#output);
      return match === null ? undefined : Number(match[1]);
    });
  }

  /** Ends it; it unregisters on its way out. */
  async stop(): Promise<void> {
    this.#control?.destroy();
    const ended = this.#process.exitCode !== null || this.#process.signalCode !== null;
    if (!ended) {
      const exit = once(this.#process, "exit");
      this.#process.kill("SIGTERM");
      const timer = setTimeout(() => this.#process.kill("SIGKILL"), 3_000);
      await exit;
      clearTimeout(timer);
    }
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Asks, as it may have registered before anyone listened to its events. */
  async #registered(): Promise<void> {
    await this.#patiently("baresip has registered", async () =>
      /OK\s/.test(await this.#command("reginfo")) ? true : undefined,
    );
  }

  async #patiently<Found>(what: string, look: () => Promise<Found | undefined>): Promise<Found> {
    return await waitUntil(look, { what }).catch((error: unknown) => {
      throw new Error(`${String(error)} It printed:\n${this.#output}`, { cause: error });
    });
  }

  #takeEvent(type: string): BaresipEvent | undefined {
    const index = this.#events.findIndex((event) => event.type === type);
    return index < 0 ? undefined : this.#events.splice(index, 1)[0];
  }

  async #takeControl(port: number): Promise<void> {
    const socket = await waitUntil(() => connectTo(port), {
      what: "baresip opens its control socket",
    });
    this.#control = socket;
    const reader = new NetstringReader();
    socket.on("data", (piece: Buffer) => {
      for (const text of reader.read(piece)) this.#hear(JSON.parse(text) as Message);
    });
  }

  #hear({ event, response, type, param, data, token }: Message): void {
    if (event === true && type !== undefined) this.#events.push({ type, param });
    if (response === true && token !== undefined) this.#answers.set(token, data ?? "");
  }

  async #command(command: string, params = ""): Promise<string> {
    const token = String(++this.#commands);
    this.#control?.write(encodeNetstring(JSON.stringify({ command, params, token })));
    const what = `baresip answers ${command}`;
    return await waitUntil(async () => this.#answers.get(token), { what });
  }
}

async function connectTo(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  return socket;
}

function configuration(controlPort: number): string {
  const modules = ["g711.so", "ausine.so"].map((module) => `module ${module}`);
  const applications = ["account.so", "menu.so", "ctrl_tcp.so"];
  return [
    `module_path ${moduleFolder}`,
    "sip_listen 127.0.0.1:0",
    "net_interface 127.0.0.1",
    "rtp_stats yes",
    // ausine knows 48 kHz in stereo only; baresip resamples for the codec.
    "audio_source ausine,440",
    "ausrc_srate 48000",
    "ausrc_channels 2",
    `ctrl_tcp_listen 127.0.0.1:${controlPort}`,
    ...modules,
    ...applications.map((module) => `module_app ${module}`),
    "",
  ].join("\n");
}

function accountLine(account: BaresipAccount): string {
  const { user, domain, authenticationName, password, transport, answer } = account;
  const proxy = `sip:${account.proxyHost}:${account.proxyPort};transport=${transport}`;
  const parameters = [
    `auth_user=${authenticationName}`,
    `auth_pass=${password}`,
    `outbound="${proxy}"`,
    `answermode=${answer}`,
    "regint=600",
  ];
  return `<sip:${user}@${domain};transport=${transport}>;${parameters.join(";")}\n`;
}
