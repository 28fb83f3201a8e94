import type {
  CompatibleDevice,
  CompatibleDevices,
} from "../../provisioning-http/compatible-devices.ts";
import { phoneLanguages } from "../../provisioning-http/phone-language.ts";
import { type SetUpGuide, setUpGuides } from "../../provisioning-http/phones/set-up-guides.ts";
import { provisioningPath } from "../../provisioning-http/provisioning-path.ts";
import { vendorName, vendors } from "../../provisioning-http/vendor.ts";
import { type RegionId, regionIds } from "../domain/region.ts";
import type { Tenant } from "../domain/tenant.ts";
import { type GatewayAddresses, provisioningBaseUrl } from "./describe-configuration.ts";

/** The URLs of one region for one vendor's phones. */
export interface GuideUrls {
  readonly region: RegionId;
  /** What is entered into the phone. */
  readonly url: string;
  /** The same with the tenant in it, for phones that are signed in in bulk. */
  readonly tenantUrl: string;
  /** The same for a screen in another language than English. */
  readonly languageUrls: readonly { readonly language: string; readonly url: string }[];
}

/** How one vendor's phones are brought to the gateway. */
export interface VendorGuide {
  readonly vendor: string;
  readonly dhcpOption: number;
  readonly urls: readonly GuideUrls[];
  readonly ways: SetUpGuide["ways"];
}

/** A DHCP option that a network's DHCP server can hand to phones. */
export interface DhcpOption {
  readonly option: number;
  readonly meaning: string;
  /** Display names of the vendors whose phones ask for it. */
  readonly vendors: readonly string[];
  /** What to set it to; null where that is the vendor's URL of the phones' region. */
  readonly value: string | null;
}

/** All that one must know to point phones at this gateway. */
export interface ProvisioningGuide {
  readonly vendors: readonly VendorGuide[];
  readonly dhcpOptions: readonly DhcpOption[];
}

/** The guide as it holds for this gateway's addresses. */
export function describeProvisioning(
  addresses: GatewayAddresses,
  tenant: Pick<Tenant, "id">,
): ProvisioningGuide {
  const names = setUpGuides.map(({ vendor }) => vendorName(vendor));
  const urlOption = (option: 66 | 160): DhcpOption => ({
    option,
    meaning: "Provisioning URL",
    vendors: setUpGuides
      .filter(({ dhcpOption }) => dhcpOption === option)
      .map(({ vendor }) => vendorName(vendor)),
    value: null,
  });
  return {
    vendors: setUpGuides.map((guide) => ({
      vendor: vendorName(guide.vendor),
      dhcpOption: guide.dhcpOption,
      urls: regionIds.map((region) => urlsOf(guide, region, addresses, tenant)),
      ways: guide.ways,
    })),
    dhcpOptions: [
      urlOption(66),
      urlOption(160),
      { option: 42, meaning: "NTP server", vendors: names, value: addresses.ntpServer },
      {
        option: 2,
        meaning: "Offset from UTC in seconds",
        vendors: names,
        value: String(addresses.utcOffsetSeconds),
      },
    ],
  };
}

function urlsOf(
  { urlSuffix }: SetUpGuide,
  region: RegionId,
  addresses: GatewayAddresses,
  { id: tenantId }: Pick<Tenant, "id">,
): GuideUrls {
  const urlTo = (parts: Parameters<typeof provisioningPath>[0]) =>
    `${provisioningBaseUrl(addresses)}${provisioningPath({ region, ...parts })}${urlSuffix}`;
  return {
    region,
    url: urlTo({}),
    tenantUrl: urlTo({ tenantId }),
    languageUrls: phoneLanguages
      .filter((language) => language !== "en")
      .map((language) => ({ language, url: urlTo({ language }) })),
  };
}

/** A model in the list of compatible devices. */
export interface CompatibleModel {
  readonly vendor: string;
  readonly model: string;
  /** Null where the list names none: any will do. */
  readonly leastFirmware: string | null;
  readonly approvedFirmware: string;
  /** Whether the gateway serves this vendor's phones. */
  readonly served: boolean;
}

/** Which of the compatible devices are asked for. */
export interface WantedModels {
  /** The vendor's display name. */
  readonly vendor?: string;
  /** However the phone spells it. */
  readonly model?: string;
}

/** Those of the list that are asked for; all of it when nothing is named. */
export function selectCompatibleDevices(
  devices: CompatibleDevices,
  { vendor: name, model }: WantedModels,
): readonly CompatibleDevice[] {
  if (model === undefined) {
    return devices.list.filter(({ vendor }) => name === undefined || vendorName(vendor) === name);
  }
  return vendors
    .filter((vendor) => name === undefined || vendorName(vendor) === name)
    .flatMap((vendor) => devices.find(vendor, model) ?? []);
}

/** The list of compatible devices, served vendors first, else in its own order. */
export function describeCompatibleModels(
  devices: readonly CompatibleDevice[],
): readonly CompatibleModel[] {
  const served = new Set<string>(setUpGuides.map(({ vendor }) => vendor));
  const models = devices.map(({ vendor, model, leastFirmware, approvedFirmware }) => ({
    vendor: vendorName(vendor),
    model,
    leastFirmware: leastFirmware ?? null,
    approvedFirmware,
    served: served.has(vendor),
  }));
  return [...models.filter((model) => model.served), ...models.filter((model) => !model.served)];
}
