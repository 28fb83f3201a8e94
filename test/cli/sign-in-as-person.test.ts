import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { SignInPageError, signInAsPerson } from "../../src/cli/sign-in-as-person.ts";

type Reply = (response: ServerResponse) => void;

const form: Reply = (response) => response.end('<h1>Next</h1><form action="/devicelogin"></form>');
const signedIn: Reply = (response) => response.end("<h1>Signed in</h1>");

function wait(seconds: number): Reply {
  return (response) => {
    response.writeHead(429, { "retry-after": String(seconds) }).end("<h1>Too many tries</h1>");
  };
}

describe("a person at the sign-in page", () => {
  let server: Server | undefined;
  let requests: string[] = [];

  afterEach(async () => {
    server?.close();
    if (server?.listening) await once(server, "close");
  });

  /** A page that replies so, one after the other. */
  async function open(...replies: Reply[]) {
    requests = [];
    server = createServer((request, response) => {
      requests.push(request.method ?? "");
      request.resume();
      (replies.shift() ?? signedIn)(response.setHeader("connection", "close"));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const verificationUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/devicelogin`;
    return { userCode: "ABCD", verificationUri, verificationUriComplete: verificationUri };
  }

  const adele = { upn: "adele@contoso.example", password: "secret of the test" };

  it("RFC 6585 §4 sends the same again after Retry-After", async () => {
    await signInAsPerson(await open(wait(0), form, wait(0), form, form, signedIn), adele);
    expect(requests).toEqual(["GET", "GET", "POST", "POST", "POST", "POST"]);
  });

  it("gives up when the wait is longer than a minute", async () => {
    const page = await open(form, form, form, wait(61));
    await expect(signInAsPerson(page, adele)).rejects.toThrow(
      new SignInPageError("adele@contoso.example could not sign in: 429 Too many tries"),
    );
  });
});
