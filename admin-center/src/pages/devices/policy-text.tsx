import { useTranslation } from "react-i18next";
import type { Device } from "../../api/types.ts";

/** The calling policy that a phone is assigned, and whether it has it. Nothing while nobody is signed in. */
export function PolicyText({ policy }: { readonly policy: Device["policy"] }) {
  const { t } = useTranslation();
  if (policy === null) return null;
  const { name, assignedVersion, appliedVersion } = policy;
  const text = t(policyWords(policy), { name, assignedVersion, appliedVersion });
  return <span title={text}>{text}</span>;
}

function policyWords({ assignedVersion, appliedVersion }: NonNullable<Device["policy"]>): string {
  if (appliedVersion === assignedVersion) return "devices.policy.applied";
  return appliedVersion === null ? "devices.policy.none" : "devices.policy.older";
}
