import {
  type EnrollmentDependencies,
  type EnrollmentOutcome,
  enrollDevice,
} from "../domain/enroll-device.ts";
import type { MacAddress } from "../domain/mac-address.ts";
import type { Tenant } from "../domain/tenant.ts";

/**
 * Enrols a device by a code that was typed on its screen instead of dialled: the account that was
 * last given to the same network address becomes the device's own, as if it had dialled the code.
 */
export async function activateByScreen(
  dependencies: EnrollmentDependencies,
  tenant: Tenant,
  macAddress: MacAddress,
  code: string,
  address: string,
): Promise<EnrollmentOutcome> {
  const device = (await dependencies.devices.find(tenant.id, macAddress))?.value;
  const issued = device?.issuedAccount;
  if (issued === undefined || issued === null || issued.address !== address) {
    return { outcome: "not-waiting" };
  }
  return enrollDevice(dependencies, {
    tenantId: tenant.id,
    macAddress,
    authenticationName: issued.authenticationName,
    address,
    code,
  });
}
