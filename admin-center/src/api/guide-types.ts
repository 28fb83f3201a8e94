/** The URLs of one region for one vendor's phones. */
export interface GuideUrls {
  readonly region: string;
  readonly url: string;
  /** The same with the tenant in it, for bulk sign-in. */
  readonly tenantUrl: string;
  readonly languageUrls: readonly { readonly language: string; readonly url: string }[];
}

/** How one vendor's phones are pointed at the gateway. */
export interface VendorGuide {
  readonly vendor: string;
  readonly dhcpOption: number;
  readonly urls: readonly GuideUrls[];
  readonly ways: readonly {
    readonly models: string;
    readonly place: "phone" | "web-page";
    /** In English. */
    readonly steps: readonly string[];
  }[];
}

/** `GET /provisioning-guide` */
export interface ProvisioningGuide {
  readonly vendors: readonly VendorGuide[];
  readonly dhcpOptions: readonly {
    readonly option: number;
    readonly meaning: string;
    readonly vendors: readonly string[];
    /** Null: the vendor's URL of the phones' region. */
    readonly value: string | null;
  }[];
}

/** A model of `GET /compatible-devices`. */
export interface CompatibleModel {
  readonly vendor: string;
  readonly model: string;
  /** Null: any. */
  readonly leastFirmware: string | null;
  readonly approvedFirmware: string;
  readonly served: boolean;
}
