import { describe, expect, test } from "vitest";
import type { Device } from "../../admin-center/src/api/types.ts";
import type { CallingPolicy } from "../../admin-center/src/api/user-types.ts";
import {
  newPolicySettings,
  signsOut,
  withEdit,
} from "../../admin-center/src/pages/policies/policy-edits.ts";
import {
  phonesOfPolicy,
  progressByPolicy,
  progressOf,
} from "../../admin-center/src/pages/policies/policy-phones.ts";
import { initialGlobalPolicy } from "../../src/domain/calling-policy.ts";
import { sampleDevice } from "./sample-devices.ts";

const policy: CallingPolicy = {
  ...newPolicySettings,
  name: "Sales",
  version: 3,
  changedAt: "2026-01-05T08:00:00.000Z",
};

function device(given: Partial<NonNullable<Device["policy"]>>, online = true): Device {
  const { name = "sales" } = given;
  return sampleDevice({
    online,
    policy: {
      name,
      assignedVersion: 3,
      appliedVersion: 2,
      pendingSince: null,
      lastSyncedAt: null,
      ...given,
    },
  });
}

describe("how far the phones of a policy have come", () => {
  test("a phone with the version has it; one that is registered has it within 60 minutes of when it fell behind", () => {
    const phones = phonesOfPolicy(
      [
        device({ appliedVersion: 3 }),
        device({ pendingSince: "2026-01-05T07:30:00.000Z" }),
        device({}, false),
        device({ name: "Global" }),
        sampleDevice(),
      ],
      policy,
    );
    expect(phones.map(({ progress, dueAt }) => [progress, dueAt])).toEqual([
      ["has", null],
      ["coming", "2026-01-05T08:30:00.000Z"],
      ["away", null],
    ]);
  });

  test("a phone that was looked at before the change is behind since the change", () => {
    const [phone] = phonesOfPolicy([device({ assignedVersion: 2 })], policy);
    expect(phone).toMatchObject({ progress: "coming", dueAt: "2026-01-05T09:00:00.000Z" });
  });

  test("they are counted, with the time of the last one, by policy in one walk", () => {
    const devices = [
      device({ appliedVersion: 3 }),
      device({ pendingSince: "2026-01-05T07:30:00.000Z" }),
      device({}),
      device({}, false),
    ];
    const counted = { all: 4, has: 1, coming: 2, away: 1, dueAt: "2026-01-05T09:00:00.000Z" };
    expect(progressOf(phonesOfPolicy(devices, policy))).toEqual(counted);
    const global = { ...policy, name: "Global" };
    expect([...progressByPolicy(devices, [policy, global])]).toEqual([
      ["sales", counted],
      ["global", { all: 0, has: 0, coming: 0, away: 0, dueAt: null }],
    ]);
  });
});

describe("edits of a policy", () => {
  test("a new policy begins as Global does in the gateway", () => {
    expect(newPolicySettings).toEqual(initialGlobalPolicy);
  });

  test("a switch that is switched back is no edit", () => {
    const edits = withEdit({}, policy, "busyOnBusy", true);
    expect(edits).toEqual({ busyOnBusy: true });
    expect(withEdit(edits, policy, "busyOnBusy", false)).toEqual({});
  });

  test.each(["allowSipDevicesCalling", "allowCallRedirect"] as const)(
    "taking away %s signs out; giving it, and any other switch, does not",
    (setting) => {
      expect(signsOut(policy, { [setting]: false })).toBe(true);
      expect(signsOut({ ...policy, [setting]: false }, { [setting]: true })).toBe(false);
      expect(signsOut(policy, { allowVoicemail: false })).toBe(false);
    },
  );
});
