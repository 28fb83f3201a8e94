import { describe, expect, it } from "vitest";
import { chooseMediaAddress } from "../../../src/signaling/announcements/media-destination.ts";

describe("where sound goes", () => {
  it.each([
    ["where the signalling comes from", "203.0.113.5", "203.0.113.5", "203.0.113.5"],
    ["never to a third party", "198.51.100.7", "203.0.113.5", "203.0.113.5"],
    ["not to a private address named from outside", "10.0.0.7", "203.0.113.5", "203.0.113.5"],
    ["to another host of the same private networks", "10.0.0.7", "192.168.1.2", "10.0.0.7"],
    ["not to a multicast group", "224.0.0.1", "192.168.1.2", "192.168.1.2"],
    ["not to a name", "victim.example", "192.168.1.2", "192.168.1.2"],
    ["not to another address family", "fd00::1", "192.168.1.2", "192.168.1.2"],
  ])("%s", (_, described, source, expected) => {
    expect(chooseMediaAddress(described, source)).toBe(expected);
  });
});
