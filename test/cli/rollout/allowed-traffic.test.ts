import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import type { Outcome } from "../../../cli/engine/events";
import { OperationFailed } from "../../../cli/engine/operations";
import { assertAllowedTraffic } from "../../../cli/rollout/allowed-traffic";
import { promote } from "../../../cli/rollout/promote";
import { candidateShare, type TrafficState } from "../../../rollout/traffic-state";
import type { FakeApi } from "./support/fake-api";
import { FakeWorld } from "./support/fake-desk";
import { applyState } from "./support/fake-service";

describe("assertAllowedTraffic", () => {
  let world: FakeWorld;
  let server: Awaited<ReturnType<FakeApi["listen"]>>;
  let kubeconfig: string;
  beforeEach(async () => {
    world = new FakeWorld({ strategy: { kind: "canary" } });
    server = await world.api.listen();
    kubeconfig = join(process.env.SLIPWAY_STATE_DIR!, "kubeconfig");
    writeFileSync(kubeconfig, server.kubeconfig);
  });
  afterEach(async () => {
    await server.close();
    world.end();
  });

  const update = (declared: TrafficState | undefined, slots = world.rollout.slots) => {
    const outputs = { rollouts: [{ ...world.rollout, slots, traffic: declared }] };
    const planned: Outcome = { steps: [], violations: [], errors: [], warnings: [], changes: {}, outputs };
    const recorded = [{ ...world.rollout, traffic: world.recorded }];
    const stack = {
      outputs: async () => ({ rollouts: { value: recorded, secret: false } }),
    } as unknown as Stack;
    return assertAllowedTraffic(stack, planned, { profile: "local", kubeconfig });
  };
  const share = (green: number): TrafficState => ({
    live: "blue",
    weights: candidateShare("blue", green),
    mirror: 0,
    standby: "warm",
  });

  it("lets an update pass that moves nothing, or a share to a ready candidate", async () => {
    await update(share(0));
    await update(share(20));
  });

  it("refuses it, with what was planned, where it declares what was so before a promotion", async () => {
    await promote(world.desk(), "", async () => []);
    await assert.rejects(update(share(0)), (error) => {
      assert.ok(error instanceof OperationFailed);
      assert.equal(
        error.message,
        "`text`: the cluster sends 0 % to blue, 100 % to green, and this update declares 100 % to blue, 0 % to green; the record's last switch made green live: take the configuration that it wrote, or make blue live with `slipway promote text` or `slipway rollback text`",
      );
      assert.equal(error.outcome.changes !== undefined, true);
      return true;
    });
  });

  it("refuses other models for a candidate that has traffic, and lets a new image come", async () => {
    const split = { live: "blue", weights: candidateShare("blue", 20), mirror: 0, standby: "warm" } as const;
    applyState(world.api, world.rollout, split);
    world.recorded = split;
    const slots = structuredClone(world.rollout.slots);
    const green = { ...slots.green!, digest: `sha256:${"c".repeat(64)}` };
    await update(split, { ...slots, green });
    const models = [{ ...green.models[0]!, version: "6" }];
    await assert.rejects(update(split, { ...slots, green: { ...green, models } }), {
      message:
        "`text`: slot green has 20 % of the traffic, and this update would give it other models; `slipway abort text` takes that away first",
    });
  });

  it("has nothing to compare where the preview does not know yet what will be published", async () => {
    await update(undefined);
  });

  it("refuses where the cluster does not say what its traffic does", async () => {
    await server.close();
    await assert.rejects(
      update(share(20)),
      /^SlipwayError: `text`: nothing says where its traffic goes now, so this update might move it: the cluster at \S+ does not answer: .*; do it again when the cluster answers, or look at the plan alone with `slipway preview --offline`$/,
    );
  });

  it("asks no cluster about what the stack has not made yet", async () => {
    await server.close();
    const outputs = { rollouts: [{ ...world.rollout, name: "voice" }] };
    const planned: Outcome = { steps: [], violations: [], errors: [], warnings: [], changes: {}, outputs };
    const recorded = [{ ...world.rollout, traffic: world.recorded }];
    const stack = { outputs: async () => ({ rollouts: { value: recorded, secret: false } }) };
    await assertAllowedTraffic(stack as unknown as Stack, planned, { profile: "local", kubeconfig });
  });
});
