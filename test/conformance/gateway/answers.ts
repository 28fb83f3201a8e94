import type { TortureCase } from "../rfc4475/table.ts";

/** What a running gateway answered to one message of RFC 4475. */
export interface GatewayAnswer {
  readonly torture: TortureCase;
  readonly transport: "UDP" | "TCP";
  /** The status of the first final answer; undefined: there was none. */
  readonly status: number | undefined;
}

const authenticatesFirst =
  "the gateway asks who is there before it looks further (RFC 3261 §16.3 step 6 and §10.3 step 3); a caller who proves himself gets";

/** Why an answer that is not the one asked for is nevertheless given; by the message's name. */
const reasons: Readonly<Record<string, string>> = {
  invut: `${authenticatesFirst} his call relayed: a proxy does not judge bodies (§16.3)`,
  sdp01: `${authenticatesFirst} his call relayed: a proxy does not judge bodies (§16.3)`,
  unksm2: `${authenticatesFirst} 404, since a \`name:\` URI is no AOR here`,
};

/** Whether the answer is one by which RFC 4475's demand is met. */
export function agrees({ torture, status }: GatewayAnswer): boolean {
  const { statuses } = torture;
  if (statuses === undefined) return status !== undefined && status !== 400 && status < 500;
  if (statuses.length === 0) return status === undefined;
  return status !== undefined && statuses.includes(status);
}

/** `agrees`, or `differs:` and why. */
export function verdict(answer: GatewayAnswer): string {
  if (agrees(answer)) return "agrees";
  return `differs: ${reasons[answer.torture.name] ?? "not explained"}`;
}

/** Whether a difference has a reason written down. */
export function isExplained(answer: GatewayAnswer): boolean {
  return agrees(answer) || reasons[answer.torture.name] !== undefined;
}

const introduction = `# RFC 4475 against the running gateway

Every message of RFC 4475, as the RFC prints it, sent to a gateway that serves \`example.com\` (its
\`PUBLIC_ADDRESS\`), over the transport that the message's topmost Via names. The sender has proved
nothing, so a well-formed REGISTER meets 401 and a well-formed INVITE or MESSAGE meets 407.

\`test/conformance/gateway/\` compares this page with what a gateway answers; it is written anew by
\`UPDATE=1 npx vitest run test/conformance/gateway\`.
`;

/** The page `docs/rfc4475.md`. */
export function formatPage(answers: readonly GatewayAnswer[]): string {
  const differing = answers.filter((answer) => !agrees(answer));
  const names = differing.map(({ torture }) => `\`${torture.name}\``).join(", ");
  const count = `${answers.length - differing.length} agree, ${differing.length} differ${names === "" ? "" : ` (${names})`}.`;
  const rows = answers.map((answer) => {
    const { torture, transport, status } = answer;
    const cells = [
      torture.section,
      `\`${torture.name}\``,
      transport,
      torture.asked,
      status === undefined ? "none" : String(status),
      verdict(answer),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  const header =
    "| RFC 4475 § | message | over | asked for | answered | |\n|---|---|---|---|---|---|";
  return `${introduction}\n${count}\n\n${header}\n${rows.join("\n")}\n`;
}
