import { randomBytes } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import type { Clock, Timer } from "../../../sip/clock.ts";
import { buildRtpPacket } from "./rtp-packet.ts";
import { packetMilliseconds, packetSamples } from "./sound.ts";

/** What a sender plays, and to whom. */
export interface Playback {
  readonly address: string;
  readonly port: number;
  readonly payloadType: number;
  /** 20 ms of sound each. */
  readonly packets: readonly Buffer[];
}

/** One RTP socket of the gateway: plays packets at the pace of the sound and listens to nobody. */
export class RtpSender {
  readonly port: number;
  readonly #socket: Socket;
  readonly #clock: Clock;
  #timer: Timer | undefined;
  #closed = false;
  readonly #onClose: () => void;

  /** @param socket bound, and owned by the sender from now on */
  constructor(socket: Socket, clock: Clock, onClose: () => void) {
    this.#socket = socket;
    this.#clock = clock;
    this.#onClose = onClose;
    this.port = socket.address().port;
    // A phone that closed its port makes the kernel report errors here; the tone is lost to it anyway.
    socket.on("error", () => this.close());
    // What the phone says is read and let go, or it would fill the kernel's buffer.
    socket.on("message", () => undefined);
  }

  /** Plays the packets, one each 20 ms, and then calls `onFinished`; not when closed before. */
  play(playback: Playback, onFinished: () => void): void {
    const random = randomBytes(10);
    const startedAtMilliseconds = this.#clock.nowMilliseconds();
    const firstSequence = random.readUInt16BE(0);
    const firstTimestamp = random.readUInt32BE(2);
    const synchronizationSource = random.readUInt32BE(6);
    let sent = 0;
    const sendNext = (): void => {
      const payload = playback.packets[sent];
      if (payload === undefined) {
        onFinished();
        return;
      }
      const header = {
        payloadType: playback.payloadType,
        sequenceNumber: firstSequence + sent,
        timestamp: firstTimestamp + sent * packetSamples,
        synchronizationSource,
        marker: sent === 0,
      };
      this.#socket.send(buildRtpPacket(header, payload), playback.port, playback.address, ignore);
      sent++;
      // Against the start, so that a timer's lateness does not add up.
      const due = startedAtMilliseconds + sent * packetMilliseconds;
      const wait = Math.max(0, due - this.#clock.nowMilliseconds());
      this.#timer = this.#clock.schedule(wait, sendNext);
    };
    sendNext();
  }

  /** Ends what is playing and gives the port back. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.cancel();
    this.#socket.close();
    this.#onClose();
  }
}

/** A packet that could not be sent is a gap in the tone, which the listener hears for himself. */
function ignore(): void {
  // Nothing to do: RTP repeats nothing.
}

/** The UDP ports that sound may come from: even ones of a range (RFC 3550 §11). */
export class RtpPorts {
  readonly #options: { bindAddress: string; first: number; last: number; clock: Clock };
  readonly #open = new Set<RtpSender>();
  #next: number;

  /** @param options `first` to `last`: the range, both included; 0 to 0 lets the system choose. */
  constructor(options: { bindAddress: string; first: number; last: number; clock: Clock }) {
    this.#options = options;
    this.#next = options.first + (options.first % 2);
  }

  /**
   * A sender on a free port.
   * @param yielding half of the ports are left to those who do not yield
   * @returns undefined when there is none
   */
  async open(yielding = false): Promise<RtpSender | undefined> {
    const { first, last, clock } = this.#options;
    if (yielding && this.#open.size >= this.#mostYielding) return undefined;
    const tries = Math.max(1, Math.min(50, Math.floor((last - first) / 2) + 1));
    for (let attempt = 0; attempt < tries; attempt++) {
      const socket = await this.#bind(this.#takePort());
      if (socket === undefined) continue;
      const sender: RtpSender = new RtpSender(socket, clock, () => this.#open.delete(sender));
      this.#open.add(sender);
      return sender;
    }
    return undefined;
  }

  /** Half of the even ports; the system, where it chooses, has enough. */
  get #mostYielding(): number {
    const { first, last } = this.#options;
    return last === 0 ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor((last - first) / 4));
  }

  /** Ends all senders. */
  stop(): void {
    for (const sender of [...this.#open]) sender.close();
  }

  #takePort(): number {
    const { first, last } = this.#options;
    const port = this.#next;
    this.#next = port + 2 > last ? first + (first % 2) : port + 2;
    return port;
  }

  #bind(port: number): Promise<Socket | undefined> {
    const { bindAddress } = this.#options;
    const socket = createSocket(isIPv6(bindAddress) ? "udp6" : "udp4");
    return new Promise((resolve) => {
      socket.once("error", () => {
        socket.close();
        resolve(undefined);
      });
      socket.bind(port, bindAddress, () => {
        socket.removeAllListeners("error");
        resolve(socket);
      });
    });
  }
}
