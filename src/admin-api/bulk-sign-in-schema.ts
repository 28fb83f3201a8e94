import { type Static, Type } from "typebox";
import {
  type BulkSignIn,
  type BulkSignInItem,
  type BulkSignInItemStatus,
  bulkSignInStatus,
} from "../domain/bulk-sign-in.ts";
import { formatMacAddress } from "../domain/mac-address.ts";
import { formatTime, macAddressSchema, nullable, timeSchema } from "./schema-parts.ts";

const itemSchema = Type.Object({
  line: Type.Integer({ description: "Counted from 1, the header included." }),
  username: Type.String(),
  hardwareId: Type.String({ description: "As it was written." }),
  macAddress: nullable(macAddressSchema, "Null when the hardware id is none."),
  status: Type.Enum(["queued", "in-progress", "completed", "failed"], {
    description:
      "in-progress: the user is signed in and the phone was told to fetch; completed: the phone is registered as the user.",
  }),
  code: nullable(Type.String({ examples: ["device-offline"] }), "Why it failed, in a word."),
  reason: nullable(Type.String(), "Why it failed, and what to do."),
});

const summary = {
  id: Type.String(),
  status: Type.Enum(["queued", "in-progress", "completed"], {
    description: "completed: every line has ended, well or not; see counts.",
  }),
  createdAt: timeSchema,
  createdBy: Type.String({ description: "The administrator." }),
  regions: Type.Array(Type.String(), { description: "Those of its devices." }),
  counts: Type.Object(
    {
      queued: Type.Integer(),
      inProgress: Type.Integer(),
      completed: Type.Integer(),
      failed: Type.Integer(),
    },
    { description: "Its lines, by status." },
  ),
};

/** A batch in a list. */
export const bulkSignInSummarySchema = Type.Object(summary);

/** A batch with its lines. */
export const bulkSignInSchema = Type.Object(
  { ...summary, items: Type.Array(itemSchema) },
  { description: "The batch as it now stands." },
);

/** Tells a batch without its lines. */
export function presentBulkSignInSummary(
  batch: BulkSignIn,
): Static<typeof bulkSignInSummarySchema> {
  const count = (status: BulkSignInItemStatus) =>
    batch.items.filter((item) => item.status === status).length;
  return {
    id: batch.id,
    status: bulkSignInStatus(batch),
    createdAt: formatTime(batch.createdAtMilliseconds),
    createdBy: batch.createdBy,
    regions: [...batch.regions],
    counts: {
      queued: count("queued"),
      inProgress: count("in-progress"),
      completed: count("completed"),
      failed: count("failed"),
    },
  };
}

/** Tells a batch. */
export function presentBulkSignIn(batch: BulkSignIn): Static<typeof bulkSignInSchema> {
  return { ...presentBulkSignInSummary(batch), items: batch.items.map(presentItem) };
}

function presentItem(item: BulkSignInItem): Static<typeof itemSchema> {
  const { line, username, hardwareId, macAddress, status, code, reason } = item;
  return {
    line,
    username,
    hardwareId,
    macAddress: macAddress === null ? null : formatMacAddress(macAddress),
    status,
    code,
    reason,
  };
}
