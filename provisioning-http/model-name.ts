/**
 * A model's name without what vendors put around it, for comparing: `SIP-T46S` and `T46S`,
 * `CP-8841-3PCC` and `8841`, `VVX_400` and `VVX 400`, `440HDG-Rev0` and `440HDG` are the same.
 */
export function bareModel(model: string): string {
  return model
    .toLowerCase()
    .replace(/^(?:sip|cp|dp)-/, "")
    .replace(/-(?:3pcc|3pw|mpp|k9|rev\d*)$/, "")
    .replaceAll(/[^a-z0-9]/g, "");
}
