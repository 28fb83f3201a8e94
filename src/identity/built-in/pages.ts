import { createHash } from "node:crypto";
import { escapeUTF8 } from "entities";
import type { AskingDevice } from "../../domain/sign-in.ts";

const style =
  "body{font:1rem/1.5 system-ui,sans-serif;color:#1b1b1b;background:#f5f5f5;margin:0}" +
  "main{max-width:26rem;margin:3rem auto;padding:1.5rem 2rem;background:#fff;border:1px solid #d1d1d1;border-radius:.5rem}" +
  "h1{font-size:1.5rem;margin:0 0 .5rem}label{display:block;font-weight:600;margin-top:1rem}" +
  "input{box-sizing:border-box;width:100%;font:inherit;padding:.5rem;border:1px solid #616161;border-radius:.25rem}" +
  "button{font:inherit;padding:.5rem 1.25rem;margin:1.25rem .5rem 0 0;border:1px solid #0f6cbd;border-radius:.25rem;background:#0f6cbd;color:#fff;cursor:pointer}" +
  "button.plain{background:#fff;color:#0f548c}:focus-visible{outline:3px solid #0f548c;outline-offset:2px}" +
  "dt{font-weight:600}dd{margin:0 0 .5rem}[role=alert]{color:#b10e1c;font-weight:600}";

/** Allows the pages their own style and forms, and nothing else (CSP Level 3). */
export const pageSecurityPolicy =
  `default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'; ` +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** Where the form of a page goes, and what proves that it came from that page. */
export interface CodeForm {
  readonly action: string;
  readonly xsrf: string;
}

/** The page on which a person types the pairing code. */
export function codePage(
  tenantName: string,
  form: CodeForm,
  prefilled: string,
  problem: string | undefined,
): string {
  return page(
    "Sign in on a phone",
    `<p>${escapeUTF8(tenantName)}</p>
<p>Enter the pairing code that the phone shows, or that your administrator gave you.</p>
${alert(problem)}<form method="post" action="${escapeUTF8(form.action)}" autocomplete="off">
${hidden("xsrf", form.xsrf)}
<label for="user_code">Pairing code</label>
<input id="user_code" name="user_code" type="text" value="${escapeUTF8(prefilled)}" required maxlength="32" autocapitalize="characters" spellcheck="false" autofocus>
<button type="submit">Next</button>
</form>`,
  );
}

/** The page that names the device, and asks whether it is the right one. */
export function confirmPage(
  tenantName: string,
  form: CodeForm,
  userCode: string,
  device: AskingDevice | undefined,
): string {
  return page(
    "Is this your phone?",
    `<p>${escapeUTF8(tenantName)}</p>
${describeDevice(device)}<dl><dt>Pairing code</dt><dd>${escapeUTF8(userCode)}</dd></dl>
<p>Go on only if you asked for this sign-in and the code is the one you were given.</p>
<form method="post" action="${escapeUTF8(form.action)}">
${hidden("xsrf", form.xsrf)}
${hidden("user_code", userCode)}
<button type="submit" name="confirm" value="yes">Continue</button>
<button type="submit" name="abort" value="yes" class="plain">Cancel</button>
</form>`,
  );
}

/** The page on which a person gives user name and password. */
export function passwordPage(
  tenantName: string,
  device: AskingDevice | undefined,
  userName: string,
  problem: string | undefined,
): string {
  return page(
    "Sign in",
    `<p>${escapeUTF8(tenantName)}</p>
${describeDevice(device)}${alert(problem)}<form method="post">
<label for="user_name">User name</label>
<input id="user_name" name="user_name" type="text" value="${escapeUTF8(userName)}" placeholder="name@company.example" maxlength="256" autocomplete="username" autocapitalize="none" spellcheck="false"${userName === "" ? " autofocus" : ""}>
<label for="password">Password</label>
<input id="password" name="password" type="password" maxlength="256" autocomplete="current-password"${userName === "" ? "" : " autofocus"}>
<button type="submit" name="action" value="sign-in">Sign in</button>
<button type="submit" name="action" value="cancel" class="plain">Cancel</button>
</form>`,
  );
}

/** A page that only says something; `detail` is plain text. */
export function messagePage(title: string, detail: string): string {
  return page(title, `<p>${escapeUTF8(detail)}</p>`);
}

function page(title: string, content: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeUTF8(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeUTF8(title)}</h1>
${content}
</main>
</body>
</html>
`;
}

function describeDevice(device: AskingDevice | undefined): string {
  if (device === undefined) return "";
  const entries: [string, string][] = [
    ["Phone", device.model ?? "Model not known yet"],
    ["Location", device.location === "" ? "Not entered" : device.location],
    ["MAC address", device.macAddress],
  ];
  const items = entries.map(([name, value]) => `<dt>${name}</dt><dd>${escapeUTF8(value)}</dd>`);
  return `<dl>${items.join("")}</dl>\n`;
}

function alert(problem: string | undefined): string {
  return problem === undefined ? "" : `<p role="alert">${escapeUTF8(problem)}</p>\n`;
}

function hidden(name: string, value: string): string {
  return `<input type="hidden" name="${name}" value="${escapeUTF8(value)}">`;
}
