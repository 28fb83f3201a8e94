import { expect, test } from "vitest";
import { bindingOf, mac, startAdminFixture, tenant } from "./admin-fixture.ts";

test("GET /devices/counts tells how many devices there are by state and by presence", async () => {
  const fixture = await startAdminFixture();
  const url = "/api/v1/devices";
  const counts = async () => (await fixture.call({ url: `${url}/counts` })).json;
  const byState = {
    seen: 0,
    "waiting-on-activation": 0,
    "waiting-for-sign-in": 0,
    "signed-in": 0,
    "signed-out": 0,
  };
  expect(await counts()).toEqual({ total: 0, byState, online: 0, offline: 0 });
  for (const macAddress of ["805ec0000001", "805ec0000002", "805ec0000003"]) {
    await fixture.call({ method: "POST", url, payload: { macAddress } });
  }
  await fixture.change("805ec0000002", { state: "signed-in" });
  const now = fixture.clock.nowMilliseconds();
  for (const aor of ["sip:one@contoso.example", "sip:two@contoso.example"]) {
    const binding = bindingOf(mac("805ec0000002"), aor, now);
    await fixture.stores.bindings.update(tenant.id, aor, now, () => ({ bindings: [binding] }));
  }
  expect(await counts()).toEqual({
    total: 3,
    byState: { ...byState, "waiting-on-activation": 2, "signed-in": 1 },
    online: 1,
    offline: 2,
  });
  await fixture.stop();
});
