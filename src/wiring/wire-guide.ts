import { CompatibleDevices } from "../../provisioning-http/compatible-devices.ts";
import type { GuideSource } from "../admin-api/provisioning-guide-routes.ts";
import type { Tenant } from "../domain/tenant.ts";
import type { GatewayAddresses } from "../provisioning/describe-configuration.ts";
import {
  describeCompatibleModels,
  describeProvisioning,
  selectCompatibleDevices,
} from "../provisioning/provisioning-guide.ts";

/** What administrators are told about pointing phones at this gateway. */
export function newGuideSource(addresses: GatewayAddresses, tenant: Tenant): GuideSource {
  const devices = CompatibleDevices.load();
  return {
    provisioningGuide: () => describeProvisioning(addresses, tenant),
    compatibleModels: (wanted) =>
      describeCompatibleModels(selectCompatibleDevices(devices, wanted)),
  };
}
