import { describe, expect, it } from "vitest";
import {
  countDevices,
  deviceFilters,
  passesFilter,
  readDeviceFilter,
} from "../../admin-center/src/pages/devices/device-filters.ts";
import { makeDeviceSearch } from "../../admin-center/src/pages/devices/device-search.ts";
import { sampleDevice } from "./sample-devices.ts";

const devices = [
  sampleDevice(),
  sampleDevice({ state: "waiting-for-sign-in", online: true }),
  sampleDevice({ state: "signed-in", online: true }),
  sampleDevice({
    state: "signed-in",
    attention: [{ code: "offline", text: "Signed in and offline: calls do not reach it." }],
  }),
  sampleDevice({ state: "seen" }),
];

describe("counts of the inventory", () => {
  it("counts both kinds of waiting together, and a device under each filter that shows it", () => {
    expect(countDevices(devices)).toEqual({
      all: 5,
      online: 2,
      offline: 3,
      waiting: 2,
      "signed-in": 2,
      attention: 1,
    });
  });

  it("counts as many as the filter then shows", () => {
    const counts = countDevices(devices);
    for (const filter of deviceFilters) {
      const shown = devices.filter((device) => passesFilter(device, filter));
      expect(shown).toHaveLength(counts[filter]);
    }
  });

  it("shows all where the address names no filter that there is", () => {
    expect(readDeviceFilter("attention")).toBe("attention");
    expect(readDeviceFilter("broken")).toBe("all");
    expect(readDeviceFilter(null)).toBe("all");
  });
});

describe("the search through the inventory", () => {
  const search = makeDeviceSearch({
    seen: "Seen, not added",
    "waiting-on-activation": "Waiting on activation",
    "waiting-for-sign-in": "Waiting for sign in",
    "signed-in": "Signed in",
    "signed-out": "Signed out",
  });
  const device = sampleDevice({
    macAddress: "80:5e:c0:aa:bb:cc",
    location: "Building 7, Bed 2",
    model: "T54W",
    user: { upn: "adele@contoso.example", displayName: "Adele Vance", phoneNumber: "+1425555" },
    attention: [{ code: "refused", text: "The last request was refused: not known." }],
  });

  it.each([
    ["80:5e:c0:aa", "a MAC address from its beginning"],
    ["805EC0AABBCC", "a MAC address as it stands on the phone"],
    ["c0-aa-bb", "a part of one, with dashes"],
    ["5ec0.aabb", "a part of one, with dots"],
    ["adele", "a user"],
    ["+1425555", "a phone number"],
    ["t54w building", "words in any order"],
    ["bed 2", "words that could be a part of a MAC address"],
    ["waiting on", "the state in words"],
    ["not known", "what is wrong"],
    ["  ", "nothing"],
  ])("finds by %s: %s", (typed) => {
    expect(search(typed)(device)).toBe(true);
  });

  it.each(["signed in", "t54w lobby", "c0bb"])("does not find by %s", (typed) => {
    expect(search(typed)(device)).toBe(false);
  });

  it("searches what a device has become", () => {
    expect(search("lobby")({ ...device, location: "Lobby" })).toBe(true);
  });
});
