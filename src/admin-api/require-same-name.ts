import { ProblemError } from "./problem.ts";

/** @throws ProblemError 400 when a body names another thing than its path */
export function requireSameName(field: string, inPath: string, inBody: string | undefined): void {
  if (inBody === undefined || inBody.toLowerCase() === inPath.toLowerCase()) return;
  const detail = "The body names another one than the path.";
  throw new ProblemError(400, detail, { errors: { [field]: detail } });
}
