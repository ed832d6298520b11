import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { CustomObjectsApi, KubeConfig } from "@kubernetes/client-node";
import {
  SERVICE,
  assertLossless,
  inBackground,
  must,
  readStatus,
  reset,
  underLoad,
  weightsOf,
} from "../../bench/traffic/stage";
import { JournalFile } from "../../cli/rollout/journal-file";
import { LOCAL_PROFILE } from "../../cli/profiles";
import type { Weights } from "../../rollout/declaration";
import type { Journal, Step } from "../../rollout/plan-journal";
import { readOutputs, slipway } from "../support/slipway";
import { greenIsLive } from "./support/live-slot";
import { rateOf, thorough } from "./support/thorough";

const RATE = rateOf(100, 50);
const POLL_MS = 10;
/** From the start of a move until its update is under way. */
const INTO_A_MOVE_MS = 1_500;
const PATIENCE_MS = 120_000;

const journalFile = new JournalFile(LOCAL_PROFILE, SERVICE);
const isWaiting = ({ kind }: Step) => kind === "watch" || kind === "wait";

/** Starts a command and kills it without notice when its journal is there. */
async function killed(args: readonly string[], when: (journal: Journal) => boolean, laterMs = 0) {
  const former = journalFile.read();
  const command = inBackground(...args);
  const isOurs = (journal: Journal | undefined): journal is Journal =>
    journal !== undefined && (journal.since !== former?.since || journal.cursor !== former.cursor);
  for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(POLL_MS)) {
    const journal = journalFile.read();
    if (isOurs(journal) && when(journal)) break;
    assert.equal(command.child.exitCode, null, `it ended by itself: ${command.said()}`);
    assert.ok(Date.now() < deadline, command.said());
  }
  await sleep(laterMs);
  command.child.kill("SIGKILL");
  await command.ended;
}

let api: CustomObjectsApi;

/** What the routes say, read past the commands. */
async function routeWeights(): Promise<Weights> {
  const group = { group: "gateway.networking.k8s.io", version: "v1", plural: "httproutes" };
  const { spec } = (await api.getNamespacedCustomObject({
    ...group,
    namespace: "slipway",
    name: SERVICE,
  })) as { spec: { rules: { name?: string; backendRefs: { name: string; weight?: number }[] }[] } };
  const rule = spec.rules.find(({ backendRefs }) => backendRefs.length === 2)!;
  const weight = (slot: string) =>
    rule.backendRefs.find(({ name }) => name === `${SERVICE}-${slot}`)!.weight ?? 1;
  return { blue: weight("blue"), green: weight("green") };
}

/** A candidate that had traffic for a moment only cannot be judged yet, which is said; nothing else may stand in the way. */
async function untilDone(command: string): Promise<void> {
  for (const deadline = Date.now() + PATIENCE_MS; ; await sleep(2_000)) {
    const args = [command, SERVICE, "--reason", "after it was killed"];
    const { status, stderr } = await slipway(args, { timeoutMs: PATIENCE_MS });
    if (status === 0) return;
    assert.match(stderr, /^error: gate `\w+` of `voice`: .+ cannot be told: /m);
    assert.ok(Date.now() < deadline, stderr);
  }
}

/** `status` says what the routes say, although an engine that lost its command may still be at work. */
async function assertStatusIsRight(): Promise<void> {
  for (let turn = 0; ; turn++) {
    const before = await routeWeights();
    const status = await readStatus();
    const after = await routeWeights();
    if (JSON.stringify(before) !== JSON.stringify(after) && turn < 5) continue;
    assert.deepEqual(weightsOf(status), after);
    assert.deepEqual(status.drift, []);
    assert.ok(status.live === "blue" || after.green === 100, "green is live without all traffic");
    return;
  }
}

describe("a command that is killed while it switches traffic", function () {
  this.timeout(500_000);
  before(async () => {
    await reset();
    const config = new KubeConfig();
    config.loadFromFile((await readOutputs()).kubeconfig);
    api = config.makeApiClient(CustomObjectsApi);
  });
  after(reset);

  it("leaves a state that is told rightly, at every step of a rollout, and the same command goes on from it", async () => {
    const report = await underLoad({ rate: RATE }, async () => {
      const rollout = ["rollout", SERVICE, "--keep-warm", "--reason", "killed at every step"];
      for (let step = 0; ; step++) {
        await killed(rollout, ({ cursor }) => cursor >= step);
        await assertStatusIsRight();
        const journal = journalFile.read()!;
        const isLast = step === journal.steps.length - 1;
        if (!isWaiting(journal.steps[step]!)) {
          await killed(rollout, ({ cursor }) => cursor >= step, INTO_A_MOVE_MS);
          await assertStatusIsRight();
        }
        if (isLast) break;
      }
      await must(...rollout);
      const { live, slots } = await readStatus();
      assert.deepEqual([live, slots.green.weight], ["green", 100]);
    });
    assertLossless(report);

    const { stdout } = await must("record", SERVICE, "--json", "-");
    const actions = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { why: string; action: string })
      .filter(({ why }) => why === "killed at every step")
      .map(({ action }) => action);
    assert.deepEqual(actions, ["rollout-started", "step", "step", "promoted"]);
    await must("record", SERVICE, "--verify");
  });

  it("on the way back, it leaves one that the same command brings to its end", async () => {
    await greenIsLive();
    const report = await underLoad({ rate: RATE }, async () => {
      await killed(["rollback", SERVICE], ({ command }) => command === "rollback", INTO_A_MOVE_MS);
      await assertStatusIsRight();
      await must("rollback", SERVICE);
      const { live, slots } = await readStatus();
      assert.deepEqual([live, slots.blue.weight], ["blue", 100]);
    });
    assertLossless(report);
  });

  for (const [during, command, live] of [
    ["while the first share is being set", "rollback", "blue"],
    ["while the first share is being watched", "promote", "green"],
    ["while the promotion is being made", "rollback", "blue"],
  ] as const) {
    thorough(`${during}, it leaves one from which ${command} works`, async () => {
      await reset();
      const report = await underLoad({ rate: RATE }, async () => {
        const isThere = ({ steps, cursor }: Journal) => {
          const step = steps[cursor];
          if (during.includes("watched")) return step?.kind === "watch";
          return (
            step?.kind === "move" && step.action === (during.includes("promotion") ? "promoted" : "step")
          );
        };
        const start = during.includes("promotion")
          ? ["promote", SERVICE]
          : ["rollout", SERVICE, "--keep-warm"];
        await killed(start, isThere, INTO_A_MOVE_MS);
        await assertStatusIsRight();
        await untilDone(command);
        const status = await readStatus();
        assert.deepEqual([status.live, status.slots[live].weight], [live, 100]);
        assert.deepEqual(await routeWeights(), weightsOf(status));
      });
      assertLossless(report);
    });
  }
});
