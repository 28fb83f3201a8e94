import { afterAll, afterEach, beforeAll, beforeEach, describe } from "vitest";
import type { Stores } from "../../src/domain/stores.ts";
import { whyNoRedisServer } from "../support/redis-server.ts";
import { describeAccountsAndUsers } from "./accounts-and-users.contract.ts";
import {
  describeAdministratorSessions,
  describeAdministrators,
} from "./administrators.contract.ts";
import { type Backend, backends, type RunningBackend, type Subject } from "./backends.ts";
import { describeBindingLists } from "./binding-lists.contract.ts";
import { describeBindings } from "./bindings.contract.ts";
import { describeBulkSignIns, describeSipDevicesConfiguration } from "./bulk-sign-ins.contract.ts";
import { describeCallingPolicies } from "./calling-policies.contract.ts";
import { describeCommands } from "./commands.contract.ts";
import { describeConditionalAccess } from "./conditional-access.contract.ts";
import { describeDevices } from "./devices.contract.ts";
import { describeGatewayWide } from "./gateway-wide.contract.ts";
import { describeGuessLimits } from "./guess-limits.contract.ts";
import { describeHistory } from "./history.contract.ts";
import { describePolicyRefreshes } from "./policy-refreshes.contract.ts";
import { describeSignIns } from "./sign-ins.contract.ts";
import { describeUserLists } from "./user-lists.contract.ts";
import { describeVerificationCodes } from "./verification-codes.contract.ts";

const noRedisServer = whyNoRedisServer();
if (noRedisServer !== undefined && process.env.CI !== undefined) throw new Error(noRedisServer);

describe.each(backends)("stores on $name", (backend: Backend) => {
  if (backend.needsRedis && noRedisServer !== undefined) {
    describe.skip(noRedisServer);
    return;
  }
  let running: RunningBackend;
  let stores: Stores;
  let others: Stores[];

  beforeAll(async () => {
    running = await backend.start();
  });
  beforeEach(async () => {
    others = [];
    stores = await running.openEmpty();
  });
  afterEach(async () => {
    await Promise.all([stores, ...others].map((one) => one.stop()));
  });
  afterAll(async () => {
    await running.stop();
  });

  const subject: Subject = {
    get stores() {
      return stores;
    },
    nodes: async () => (running.isShared ? [stores, await subject.openAgain()] : [stores]),
    openAgain: async () => {
      const other = await running.openAgain(stores);
      others.push(other);
      return other;
    },
  };
  describe("administrators", () => describeAdministrators(subject));
  describe("administrators' sessions", () => describeAdministratorSessions(subject));
  describe("devices", () => describeDevices(subject));
  describe("verification codes", () => describeVerificationCodes(subject));
  describe("limits on guesses", () => describeGuessLimits(subject));
  describe("bindings", () => describeBindings(subject));
  describe("lists of bindings", () => describeBindingLists(subject));
  describe("accounts and users", () => describeAccountsAndUsers(subject));
  describe("lists of users and of their devices", () => describeUserLists(subject));
  describe("calling policies", () => describeCallingPolicies(subject));
  describe("policy refreshes", () => describePolicyRefreshes(subject));
  describe("conditional access", () => describeConditionalAccess(subject));
  describe("SIP devices configuration", () => describeSipDevicesConfiguration(subject));
  describe("bulk sign-ins", () => describeBulkSignIns(subject));
  describe("sign-ins", () => describeSignIns(subject));
  describe("commands", () => describeCommands(subject));
  describe("history", () => describeHistory(subject));
  describe("gateway-wide", () => describeGatewayWide(subject));
});
