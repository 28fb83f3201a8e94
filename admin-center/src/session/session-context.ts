import { createContext, useContext } from "react";
import type { Role, Session } from "../api/types.ts";

/** The session, and how it ends. */
export interface SessionControl {
  readonly session: Session;
  readonly signOut: () => Promise<void>;
}

/** Present below the page's shell. */
export const SessionContext = createContext<SessionControl | undefined>(undefined);

/** Who is signed in to the page. */
export function useSession(): SessionControl {
  const control = useContext(SessionContext);
  if (control === undefined) throw new Error("There is no session here.");
  return control;
}

const rank: Readonly<Record<Role, number>> = { reader: 0, technician: 1, administrator: 2 };

/** Whether the person signed in may do what this role may. The gateway decides; the page only does not offer it. */
export function useMay(role: Role): boolean {
  return rank[useSession().session.role] >= rank[role];
}
