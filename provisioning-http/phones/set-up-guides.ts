import type { ServedVendor } from "../vendor.ts";

/** One way of pointing phones at a provisioning URL, for a technician. */
export interface SetUpWay {
  /** The models it is for, as people name them. */
  readonly models: string;
  /** Where it is done: on the phone's screen, or on the web page that the phone itself serves. */
  readonly place: "phone" | "web-page";
  /** In order; `URL` stands for the region's provisioning URL, whole. */
  readonly steps: readonly string[];
}

/** How a vendor's phones come to the gateway. */
export interface SetUpGuide {
  readonly vendor: ServedVendor;
  /** What is entered after a region's URL, which ends in `/`; a macro that the phone fills in. */
  readonly urlSuffix: string;
  /** The DHCP option in which the phone looks for the URL (RFC 2132 §9.4 for 66; 160 is the vendors' own). */
  readonly dhcpOption: 66 | 160;
  readonly ways: readonly SetUpWay[];
}

const findAddress = "Read the phone's IP address";
const openPage = "Open http:// and that address in a browser and sign in as administrator.";

const yealink: SetUpGuide = {
  vendor: "yealink",
  urlSuffix: "",
  dhcpOption: 66,
  ways: [
    {
      models: "T2x, T3x, T4x, T5x",
      place: "web-page",
      steps: [
        `${findAddress}: press OK, or Menu > Status.`,
        openPage,
        "Go to Settings > Auto Provision.",
        "Enter URL as Server URL and press Confirm.",
        "Press Auto Provision Now.",
      ],
    },
    {
      models: "T2x, T3x, T4x, T5x",
      place: "phone",
      steps: [
        "Go to Menu > Advanced and enter the administrator's password.",
        "Go to Auto Provision.",
        "Enter URL as the provisioning server and save.",
      ],
    },
    {
      models: "W70B, W80 and W90 DECT bases",
      place: "web-page",
      steps: [
        `${findAddress} of the base: on a handset, Menu > Status > Base.`,
        openPage,
        "Go to Settings > Auto Provision.",
        "Enter URL as Server URL and press Confirm.",
        "Press Auto Provision Now.",
      ],
    },
  ],
};

const poly: SetUpGuide = {
  vendor: "poly",
  urlSuffix: "",
  dhcpOption: 160,
  ways: [
    {
      models: "VVX, Edge, Trio",
      place: "phone",
      steps: [
        "Go to Settings > Advanced and enter the administrator's password.",
        "Go to Administration Settings > Network Configuration > Provisioning Server.",
        "Under DHCP Menu set Boot Server to Static.",
        "Set Server Type to HTTP and Server Address to URL without http://.",
        "Go back and choose Save Configuration; the phone restarts.",
      ],
    },
    {
      models: "VVX, Edge, Trio",
      place: "web-page",
      steps: [
        `${findAddress}: Settings > Status > Network.`,
        openPage,
        "Go to Settings > Provisioning Server.",
        "Set Server Type to HTTP and Server Address to URL without http://, and press Save.",
      ],
    },
  ],
};

const cisco: SetUpGuide = {
  vendor: "cisco",
  urlSuffix: "$PSN.xml",
  dhcpOption: 160,
  ways: [
    {
      models: "6800, 7800, 8800 and 9800 series with multiplatform (MPP) firmware",
      place: "web-page",
      steps: [
        `${findAddress}: press Applications, then Status > Network status.`,
        "Open http://, that address and /admin/advanced in a browser.",
        "Go to Voice > Provisioning.",
        "Enter URL as Profile Rule, with $PSN.xml at its end as it stands.",
        "Press Submit All Changes; the phone fetches at once.",
      ],
    },
    {
      models: "6800, 7800, 8800 and 9800 series with multiplatform (MPP) firmware",
      place: "phone",
      steps: [
        "Press Applications and go to Device administration > Profile rule.",
        "Enter URL, with $PSN.xml at its end, and press Resync.",
      ],
    },
  ],
};

const audiocodes: SetUpGuide = {
  vendor: "audiocodes",
  urlSuffix: "",
  dhcpOption: 160,
  ways: [
    {
      models: "405, 420HD to 450HD, C448HD, C450HD, RX50",
      place: "web-page",
      steps: [
        `${findAddress}: Menu > Status > Network status.`,
        openPage,
        "Go to Management > Automatic Update.",
        "Set Provisioning Method to Static URL and enter URL as Configuration URL.",
        "Press Submit and restart the phone.",
      ],
    },
  ],
};

/**
 * How the phones of each served vendor are pointed at the gateway, as their vendors' manuals for
 * administrators say; menus differ a little between firmware versions.
 */
export const setUpGuides: readonly SetUpGuide[] = [yealink, poly, cisco, audiocodes];
