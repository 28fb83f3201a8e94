import { FluentProvider, makeStyles, Spinner, tokens } from "@fluentui/react-components";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Route, Routes } from "react-router";
import { NotFoundPage } from "./pages/not-found-page.tsx";
import { SessionGate } from "./session/session-gate.tsx";
import { Shell } from "./shell/shell.tsx";
import { useAppearance } from "./shell/theme.ts";

// Each page comes when it is first opened.
const ConditionalAccessPage = lazy(
  () => import("./pages/conditional-access/conditional-access-page.tsx"),
);
const AdministratorsPage = lazy(() => import("./pages/administrators/administrators-page.tsx"));
const RegionsPage = lazy(() => import("./pages/regions/regions-page.tsx"));
const CallsPage = lazy(() => import("./pages/calls/calls-page.tsx"));
const DashboardPage = lazy(() => import("./pages/dashboard/dashboard-page.tsx"));
const DevicePage = lazy(() => import("./pages/device/device-page.tsx"));
const DevicesPage = lazy(() => import("./pages/devices/devices-page.tsx"));
const ProvisionPage = lazy(() => import("./pages/provision/provision-page.tsx"));
const PoliciesPage = lazy(() => import("./pages/policies/policies-page.tsx"));
const PolicyPage = lazy(() => import("./pages/policies/policy-page.tsx"));
const UsersPage = lazy(() => import("./pages/users/users-page.tsx"));

const useStyles = makeStyles({
  // The router's links, which are not Fluent's; in dialogs too, which get this class as well.
  links: {
    "& a:not([class])": {
      color: tokens.colorBrandForegroundLink,
      ":hover": { color: tokens.colorBrandForegroundLinkHover },
    },
  },
});

// Not by the class: what Fluent lays over the page gets that as well, and would then hide the page.
const wholeWindow = { height: "100%" };

/** The admin center: its look, who is signed in, its frame, and the page that the address names. */
export function App() {
  const { t } = useTranslation();
  const styles = useStyles();
  const { theme, appearance, choose } = useAppearance();
  return (
    <FluentProvider theme={theme} className={styles.links} style={wholeWindow}>
      <SessionGate>
        <Shell appearance={appearance} onAppearance={choose}>
          <Suspense fallback={<Spinner label={t("table.loading")} />}>
            <Routes>
              <Route path="/" element={<DashboardPage />} />
              <Route path="/devices" element={<DevicesPage />} />
              <Route path="/provision/*" element={<ProvisionPage />} />
              <Route path="/devices/:macAddress" element={<DevicePage />} />
              <Route path="/users" element={<UsersPage />} />
              <Route path="/policies" element={<PoliciesPage />} />
              <Route path="/policies/:name" element={<PolicyPage />} />
              <Route path="/calls" element={<CallsPage />} />
              <Route path="/conditional-access" element={<ConditionalAccessPage />} />
              <Route path="/administrators" element={<AdministratorsPage />} />
              <Route path="/regions" element={<RegionsPage />} />
              <Route path="*" element={<NotFoundPage />} />
            </Routes>
          </Suspense>
        </Shell>
      </SessionGate>
    </FluentProvider>
  );
}
