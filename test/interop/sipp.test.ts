import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AdminClient } from "../support/admin-client.ts";
import { type GatewayOnStore, startGatewayOn, storeKinds } from "./gateway-on-store.ts";
import { whyMissing } from "./peer-programs.ts";
import { playScenario } from "./sipp/play-scenario.ts";
import { scenarios } from "./sipp/scenarios.ts";
import { sippTransports } from "./sipp/sipp-process.ts";
import { Stage } from "./sipp/stage.ts";

const missing = whyMissing("sipp", "redis-server");
const title = missing === undefined ? "SIPp" : `SIPp (skipped: ${missing})`;

describe.skipIf(missing !== undefined).each(storeKinds)(
  `${title} against a gateway on %s`,
  (store) => {
    let running: GatewayOnStore | undefined;
    let stage: Stage;
    let folder: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "sipp-"));
      running = await startGatewayOn(store);
      stage = new Stage(running.gateway, new AdminClient(running.gateway));
    });

    afterAll(async () => {
      await running?.stop();
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    });

    describe.each(sippTransports)("over %s", (transport) => {
      it.each(scenarios)(
        "plays $caller",
        async (scenario) => {
          const play = await playScenario(scenario, stage, { transport, folder });
          expect(play.report).toBe("");
        },
        30_000,
      );
    });
  },
);
