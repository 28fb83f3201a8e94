import { Route, Routes } from "react-router";
import { BulkSignInBatchPage } from "./bulk-sign-in-batch-page.tsx";
import { BulkSignInPage } from "./bulk-sign-in-page.tsx";
import { ProvisionTabs } from "./provision-tabs.tsx";
import { TechnicianSheetPage } from "./technician-sheet-page.tsx";

/** Provision devices: its two tabs, and the pages below them. */
export default function ProvisionPage() {
  return (
    <Routes>
      <Route index element={<ProvisionTabs tab="waiting-on-activation" />} />
      <Route path="sign-in" element={<ProvisionTabs tab="waiting-for-sign-in" />} />
      <Route path="bulk-sign-in" element={<BulkSignInPage />} />
      <Route path="bulk-sign-in/:id" element={<BulkSignInBatchPage />} />
      <Route path="sheet" element={<TechnicianSheetPage />} />
    </Routes>
  );
}
