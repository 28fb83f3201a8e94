import { type Static, Type } from "typebox";
import { regionIds } from "../domain/region.ts";
import type { AdminApp } from "./admin-dependencies.ts";
import { problems } from "./problem-schema.ts";
import { nullable } from "./schema-parts.ts";

const vendorSchema = Type.Object({
  vendor: Type.String({ examples: ["Yealink"] }),
  dhcpOption: Type.Integer({
    description: "The DHCP option in which its phones look for the URL.",
  }),
  urls: Type.Array(
    Type.Object({
      region: Type.Enum([...regionIds]),
      url: Type.String({
        description: "To be entered as it stands, macros of the phone ($PSN) and all.",
        examples: ["http://192.0.2.10:8080/emea/$PSN.xml"],
      }),
      tenantUrl: Type.String({
        description: "The same with the tenant in it, for phones that are signed in in bulk.",
      }),
      languageUrls: Type.Array(Type.Object({ language: Type.String(), url: Type.String() }), {
        description: "The same for a screen in another language than English.",
      }),
    }),
  ),
  ways: Type.Array(
    Type.Object({
      models: Type.String(),
      place: Type.Enum(["phone", "web-page"], {
        description: "On the phone's screen, or on the web page that the phone itself serves.",
      }),
      steps: Type.Array(Type.String(), { description: "`URL` stands for the region's URL." }),
    }),
    { description: "How the URL is entered, in English." },
  ),
});

const guideSchema = Type.Object(
  {
    vendors: Type.Array(vendorSchema),
    dhcpOptions: Type.Array(
      Type.Object({
        option: Type.Integer({ examples: [66] }),
        meaning: Type.String(),
        vendors: Type.Array(Type.String()),
        value: nullable(Type.String(), "Null: the vendor's URL of the phones' region."),
      }),
    ),
  },
  { description: "How phones are pointed at this gateway." },
);

const modelsSchema = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        vendor: Type.String(),
        model: Type.String(),
        leastFirmware: nullable(Type.String(), "Null where the list names none."),
        approvedFirmware: Type.String(),
        served: Type.Boolean({ description: "Whether this vendor's phones are served." }),
      }),
    ),
  },
  { description: "Vendors that are served come first." },
);

const modelsQuery = Type.Object(
  {
    vendor: Type.Optional(
      Type.String({ maxLength: 100, description: "The vendor's name.", examples: ["Yealink"] }),
    ),
    model: Type.Optional(
      Type.String({
        maxLength: 100,
        description: "As a device's model tells it, or as the phone does.",
        examples: ["T46S", "SIP-T46S"],
      }),
    ),
  },
  { additionalProperties: false },
);

/** What is known of phones before any has come. */
export interface GuideSource {
  /** Asked at each request, since a port 0 is known only once it is listened on. */
  provisioningGuide(): GuideRepresentation;
  /** The whole list, or the models of a vendor, or the one that a phone names so. */
  compatibleModels(
    wanted: Static<typeof modelsQuery>,
  ): readonly Static<typeof modelsSchema>["items"][number][];
}

type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;

/** The guide as the admin API tells it. */
export type GuideRepresentation = DeepReadonly<Static<typeof guideSchema>>;

/** `GET /provisioning-guide` and `GET /compatible-devices`. */
export function addProvisioningGuideRoutes(
  app: AdminApp,
  { guide }: { readonly guide: GuideSource },
): void {
  app.get(
    "/provisioning-guide",
    {
      schema: {
        operationId: "getProvisioningGuide",
        summary: "How phones are pointed here: URLs by vendor and region, DHCP options, steps",
        tags: ["regions"],
        response: { 200: guideSchema, ...problems() },
      },
    },
    async () => copyGuide(guide.provisioningGuide()),
  );
  app.get(
    "/compatible-devices",
    {
      schema: {
        operationId: "listCompatibleDevices",
        summary: "The compatible models, each with its least and its approved firmware",
        tags: ["devices"],
        querystring: modelsQuery,
        response: { 200: modelsSchema, ...problems(400) },
      },
    },
    async (request) => ({ items: [...guide.compatibleModels(request.query)] }),
  );
}

function copyGuide({ vendors, dhcpOptions }: GuideRepresentation): Static<typeof guideSchema> {
  return {
    vendors: vendors.map(({ urls, ways, ...vendor }) => ({
      ...vendor,
      urls: urls.map((url) => ({ ...url, languageUrls: [...url.languageUrls] })),
      ways: ways.map((way) => ({ ...way, steps: [...way.steps] })),
    })),
    dhcpOptions: dhcpOptions.map((option) => ({ ...option, vendors: [...option.vendors] })),
  };
}
