import assert from "node:assert";
import { setTimeout as sleep } from "node:timers/promises";
import { Reconciler, type ReconcilerOptions } from "../../../../toolchain/cluster/network-policy/reconciler";
import type { Ruleset } from "../../../../toolchain/cluster/network-policy/ruleset";

const rulesetOf = (comment: string): Ruleset => ({
  ipsets: [],
  rules: [{ chain: "C", matches: [], target: "DROP", comment }],
});

/** Runs a reconciler while `during` works; returns the comments of what was applied. */
async function run(options: Partial<ReconcilerOptions>, during: (reconciler: Reconciler) => Promise<void>) {
  const ending = new AbortController();
  const applied: string[] = [];
  const errors: unknown[] = [];
  const reconciler = new Reconciler({
    render: () => rulesetOf("same"),
    apply: async ({ rules }) => void applied.push(rules[0]?.comment ?? ""),
    onApplied: () => undefined,
    onError: (error) => errors.push(error),
    gatherMs: 1,
    repairMs: 60_000,
    retryMs: 1,
    ...options,
  });
  const running = reconciler.run(ending.signal);
  await during(reconciler);
  ending.abort();
  await running;
  return { applied, errors };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await sleep(1);
  }
}

describe("Reconciler", () => {
  it("gathers changes that come together and applies the last state", async () => {
    let state = 0;
    const done: string[] = [];
    const { applied } = await run(
      {
        render: () => rulesetOf(`${state}`),
        gatherMs: 20,
        onApplied: ({ rules }) => done.push(rules[0]?.comment ?? ""),
      },
      async (reconciler) => {
        for (state = 1; state < 5; state += 1) {
          reconciler.trigger();
        }
        await until(() => done.length > 0);
      },
    );
    assert.deepStrictEqual(applied, ["5"]);
  });

  it("applies nothing while the state is incomplete, nor when nothing changed", async () => {
    let asked = 0;
    const { applied } = await run(
      { render: () => ((asked += 1) === 1 ? undefined : rulesetOf("same")) },
      async (reconciler) => {
        for (const calls of [1, 2, 3]) {
          reconciler.trigger();
          await until(() => asked === calls);
        }
      },
    );
    assert.deepStrictEqual(applied, ["same"]);
  });

  it("does not miss a change that comes while it applies", async () => {
    let state = "first";
    const finished: string[] = [];
    await run(
      {
        render: () => rulesetOf(state),
        apply: async () => {
          await sleep(10);
        },
        onApplied: ({ rules }) => finished.push(rules[0]?.comment ?? ""),
      },
      async (reconciler) => {
        reconciler.trigger();
        await sleep(5);
        state = "second";
        reconciler.trigger();
        await until(() => finished.length === 2);
      },
    );
    assert.deepStrictEqual(finished, ["first", "second"]);
  });

  it("tries again after a failure, without a further change", async () => {
    let attempts = 0;
    const { errors } = await run(
      {
        apply: async () => {
          attempts += 1;
          if (attempts < 3) {
            throw new Error("locked");
          }
        },
      },
      async (reconciler) => {
        reconciler.trigger();
        await until(() => attempts === 3);
      },
    );
    assert.strictEqual(errors.length, 2);
  });

  it("puts the rules back now and then in case somebody removed them", async () => {
    let times = 0;
    await run({ repairMs: 5, onApplied: () => (times += 1) }, async (reconciler) => {
      reconciler.trigger();
      await until(() => times === 3);
    });
  });
});
