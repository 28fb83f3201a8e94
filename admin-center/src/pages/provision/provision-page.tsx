import { Route, Routes } from "react-router";
import { ProvisionTabs } from "./provision-tabs.tsx";
import { TechnicianSheetPage } from "./technician-sheet-page.tsx";

/** Provision devices: its two tabs, and the pages below them. */
export default function ProvisionPage() {
  return (
    <Routes>
      <Route index element={<ProvisionTabs tab="waiting-on-activation" />} />
      <Route path="sign-in" element={<ProvisionTabs tab="waiting-for-sign-in" />} />
      <Route path="sheet" element={<TechnicianSheetPage />} />
    </Routes>
  );
}
