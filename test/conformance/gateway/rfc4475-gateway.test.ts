import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { GatewayProcess, projectRoot } from "../../support/gateway-process.ts";
import { type TortureCase, tortureCases } from "../rfc4475/table.ts";
import { agrees, formatPage, type GatewayAnswer, isExplained } from "./answers.ts";
import { exchangeDatagrams, exchangeStream } from "./raw-peer.ts";

const messages = join(import.meta.dirname, "../rfc4475/messages");
const page = join(projectRoot, "docs/rfc4475.md");
/** How long an answer may take; for those that must not be answered, how long is listened. */
const answerMilliseconds = 2000;
const silenceMilliseconds = 400;

let gateway: GatewayProcess;
const answers: GatewayAnswer[] = [];

const viaPorts = [5050, 5060, 5070];
const taken = (await Promise.all(viaPorts.map(isTaken))).includes(true);

beforeAll(async () => {
  if (taken) return;
  gateway = await GatewayProcess.start({
    environment: { PUBLIC_ADDRESS: "example.com", PROVISIONING_ACCESS: "token" },
  });
});

afterAll(() => gateway?.stop());

/** Answers go to the port that a message's Via names: where another program has it, nothing can be heard. */
async function isTaken(port: number): Promise<boolean> {
  const socket = createSocket("udp4");
  try {
    socket.bind({ address: "127.77.0.250", port, exclusive: true });
    await once(socket, "listening");
    return false;
  } catch {
    return true;
  } finally {
    socket.close();
  }
}

async function ask(torture: TortureCase, index: number): Promise<GatewayAnswer & { raw: string }> {
  const bytes = readFileSync(join(messages, torture.file));
  const via = /^v(?:ia)?[ \t]*:[ \t]*SIP[\s/]*[0-9.\s]*\/[ \t]*(TCP|UDP)([^;,\r]*)/im.exec(
    bytes.toString("latin1"),
  );
  const transport = via?.[1]?.toUpperCase() === "TCP" ? "TCP" : "UDP";
  const port = Number(/:\s*([0-9]+)/.exec(via?.[2] ?? "")?.[1] ?? 5060);
  const exchange = {
    bytes,
    gatewayPort: gateway.sipPort,
    isEnough: (text: string) => finalStatus(text) !== undefined,
    patienceMilliseconds: torture.statuses?.length === 0 ? silenceMilliseconds : answerMilliseconds,
  };
  // An address for each message: what is repeated for one does not arrive at another.
  const raw =
    transport === "TCP"
      ? await exchangeStream(exchange)
      : await exchangeDatagrams(exchange, { address: `127.77.0.${index + 1}`, port });
  return { torture, transport, status: finalStatus(raw), raw };
}

function finalStatus(text: string): number | undefined {
  const status = /^SIP\/2\.0 ([2-6][0-9]{2}) /m.exec(text)?.[1];
  return status === undefined ? undefined : Number(status);
}

// Skipped where a program listens on those ports of every address (a gateway that was just tried?).
describe.skipIf(taken)(
  "RFC 4475 against the running gateway (needs UDP ports 5050, 5060, 5070)",
  () => {
    it.each(tortureCases.map((torture, index) => ({ torture, index, ...torture })))(
      "§$section $name is answered as docs/rfc4475.md says, and the gateway lives on",
      async ({ torture, index }) => {
        const answer = await ask(torture, index);
        answers.push(answer);
        expect(gateway.processId, gateway.output).toBeDefined();
        expect((await fetch(`${gateway.adminUrl}/healthz`)).status).toBe(200);
        expect(gateway.output).not.toMatch(/uncaught|met a fault|nothing handled/i);
        expect(answer.raw, "§8.2.6.2: the answer bears the request's CSeq").toSatisfy(
          (raw: string) => raw === "" || /^CSeq:/im.test(raw),
        );
      },
    );

    it("gives the answers of docs/rfc4475.md, each difference with its reason", () => {
      const text = formatPage(answers);
      console.log(text.slice(text.indexOf("\n\n") + 2));
      if (process.env.UPDATE === "1") writeFileSync(page, text);
      expect(text).toBe(readFileSync(page, "utf8"));
      expect(answers.filter((answer) => !isExplained(answer)).map((a) => a.torture.name)).toEqual(
        [],
      );
      expect(answers.filter((answer) => agrees(answer)).length).toBeGreaterThan(40);
    });
  },
);
