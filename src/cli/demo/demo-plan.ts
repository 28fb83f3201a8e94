import type { PhoneIdentity } from "../../lab/simulated-phones/phone-identity.ts";
import { planPhones } from "../../lab/simulated-phones/phone-models.ts";
import type { DemoUser } from "./demo-administrator.ts";

/** How far a phone of the demo is taken. */
export type DemoStep =
  | "seen"
  | "code-generated"
  | "not-powered"
  | "enrolled"
  | "sign-in-started"
  | "signed-in"
  | "signed-out"
  | "too-old"
  | "away";

/** One phone of the demo. */
export interface DemoPhonePlan {
  readonly identity: PhoneIdentity;
  readonly step: DemoStep;
  readonly location: string;
  /** Who is signed in on it, for the steps that need it. */
  readonly user?: DemoUser;
}

/** Whoever has the demo open can sign these in: it listens on 127.0.0.1 and its data ends with it. */
const password = "Demo-phones-1";

/** The users of the demo, in contoso.example. */
export const demoUsers: readonly DemoUser[] = [
  demoUser("adele", "Adele Vance", "+14255550101"),
  demoUser("megan", "Megan Bowen", "+14255550102"),
  demoUser("diego", "Diego Siciliani", "+14255550103"),
  demoUser("lee", "Lee Gu", "+14255550104"),
  demoUser("pradeep", "Pradeep Gupta", "+14255550105"),
  demoUser("isaiah", "Isaiah Langer", "+14255550106"),
];

const [adele, megan, diego, lee] = demoUsers;

const steps: readonly Omit<DemoPhonePlan, "identity">[] = [
  { step: "seen", location: "" },
  { step: "code-generated", location: "Reception" },
  { step: "not-powered", location: "Store room" },
  { step: "enrolled", location: "Meeting room 1" },
  { step: "sign-in-started", location: "Meeting room 2" },
  { step: "signed-in", location: "Office 101", ...as(adele) },
  { step: "signed-in", location: "Office 102", ...as(megan) },
  { step: "signed-out", location: "Office 103", ...as(diego) },
  { step: "too-old", location: "Workshop" },
  { step: "away", location: "Office 104", ...as(lee) },
];

/** Ten phones of all vendors, each at another step of its life; the same in every run. */
export function planDemo(): readonly DemoPhonePlan[] {
  const identities = planPhones(steps.length, 1);
  return steps.flatMap((step, index) => {
    const identity = identities[index];
    if (identity === undefined) return [];
    // Older than the list of compatible devices asks of any Yealink.
    const aged = step.step === "too-old" ? { ...identity, firmware: "66.70.0.5" } : identity;
    return [{ ...step, identity: aged }];
  });
}

function demoUser(name: string, displayName: string, phoneNumber: string): DemoUser {
  return { upn: `${name}@contoso.example`, displayName, phoneNumber, password };
}

function as(user: DemoUser | undefined): { readonly user?: DemoUser } {
  return user === undefined ? {} : { user };
}
