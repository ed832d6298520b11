import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { ServerError } from "../../../runtime/errors";
import { hold, release } from "../../../runtime/models/registry-lease";
import { FakeRegistry } from "../support/fake-registry";

/** What may happen to the model `m`, of which requests go on being asked. */
type Step =
  | { readonly do: "request"; readonly version: string | undefined; readonly bodyTurns: number }
  | { readonly do: "write"; readonly version: string; readonly content: string }
  | { readonly do: "labels"; readonly stable: string; readonly latest: number }
  | { readonly do: "load" | "unload" | "pause" };

const version = fc.constantFrom("1", "2", "3");
const request = fc.record({
  do: fc.constant("request" as const),
  version: fc.constantFrom(undefined, undefined, "stable"),
  // A load reads files, which takes some hundred turns: bodies have to be that late to be overtaken by it.
  bodyTurns: fc.oneof(fc.nat(6), fc.nat(1000)),
});
const write = fc.record({
  do: fc.constant("write" as const),
  version,
  content: fc.constantFrom("good", "better", "bad"),
});
const labels = fc.record({
  do: fc.constant("labels" as const),
  stable: version,
  latest: fc.integer({ min: 1, max: 2 }),
});
const only = (what: "load" | "unload" | "pause") => fc.constant({ do: what } as const);

/** Asks as a transport does: finds the model, waits for the body, runs it. Resolves with what went wrong. */
async function ask(
  fake: FakeRegistry,
  asked: string | undefined,
  bodyTurns: number,
  name = "m",
): Promise<unknown> {
  let found;
  try {
    found = fake.registry.resolve(name, asked);
    if (found instanceof Promise) found = await found;
  } catch (error) {
    return { unresolved: error };
  }
  hold(found);
  try {
    for (let i = 0; i < bodyTurns; i++) await turn();
    await found.infer({ inputs: [] });
    return undefined;
  } catch (error) {
    return error;
  } finally {
    release(found);
  }
}

/** Runs the steps, a turn apart, and gives what went wrong for requests. */
async function play(fake: FakeRegistry, steps: readonly Step[]): Promise<unknown[]> {
  const requests: Promise<unknown>[] = [];
  const changes: Promise<unknown>[] = [];
  fake.turns = 3;
  fake.gate = async () => {
    for (let i = 0; i < 4; i++) await turn();
  };
  for (const step of steps) {
    switch (step.do) {
      case "request":
        requests.push(ask(fake, step.version, step.bodyTurns));
        break;
      case "write":
        fake.write({ [`m/${step.version}/model.onnx`]: step.content });
        break;
      case "labels":
        fake.write({
          "m/model.json": JSON.stringify({
            labels: { stable: step.stable },
            versionPolicy: { latest: step.latest },
          }),
        });
        break;
      case "load":
        changes.push(fake.registry.load("m").catch(() => undefined));
        break;
      case "unload":
        changes.push(fake.registry.unload("m").catch(() => undefined));
        break;
      case "pause":
        for (let i = 0; i < 10; i++) await turn();
    }
    await turn();
  }
  const failures = (await Promise.all(requests)).filter((failure) => failure !== undefined);
  await Promise.all(changes);
  return failures;
}

const start = () =>
  FakeRegistry.start(
    {
      "m/1/model.onnx": "good",
      "m/model.json": '{"labels": {"stable": "1"}, "versionPolicy": {"latest": 2}}',
    },
    { modelControl: "explicit", loadModel: ["m"] },
  );

describe("models that are exchanged while requests come", () => {
  it("answer every request, whatever new versions are like", async function () {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof({ weight: 4, arbitrary: request }, write, labels, only("load"), only("pause")), {
          minLength: 5,
          maxLength: 40,
        }),
        async (steps) => {
          const fake = await start();
          const failures = await play(fake, steps);
          await fake.registry.close();
          // A label may be pointed at a version that was never there; nothing else may go wrong.
          const served = failures.filter((failure) => !isMissingLabel(failure));
          assert.deepEqual(served, []);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("answer every request that has found them, although they are unloaded", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.oneof({ weight: 4, arbitrary: request }, write, only("load"), only("unload"), only("pause")),
          { minLength: 5, maxLength: 40 },
        ),
        async (steps) => {
          const fake = await start();
          const failures = await play(fake, steps);
          for (const failure of failures) {
            const { unresolved } = failure as { unresolved?: unknown };
            assert.ok(unresolved instanceof ServerError, String(failure));
            assert.ok(["ModelNotReady", "ModelNotFound"].includes(unresolved.code), unresolved.message);
          }
          await fake.registry.close();
          assert.ok(
            fake.loaded.every(({ closed, busyCount }) => closed && busyCount === 0),
            "a model was left open",
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it("answer every request, or say that memory is taken, although they evict each other", async () => {
    const MiB = 1024 * 1024;
    const names = ["a", "b", "c", "d"];
    const files = Object.fromEntries(names.map((name) => [`${name}/1/model.onnx`, ""]));
    const asked = fc.record({ name: fc.constantFrom(...names), bodyTurns: fc.nat(8), wait: fc.nat(6) });
    await fc.assert(
      fc.asyncProperty(fc.array(asked, { minLength: 5, maxLength: 40 }), async (steps) => {
        // Room for two of the four.
        const fake = await FakeRegistry.start(files, { modelMemoryBudget: 25 * MiB });
        fake.turns = 2;
        const requests: Promise<unknown>[] = [];
        for (const { name, bodyTurns, wait } of steps) {
          fake.now += 100;
          requests.push(ask(fake, undefined, bodyTurns, name));
          for (let i = 0; i < wait; i++) await turn();
          const open = fake.loaded.filter(({ retired, closed }) => !retired && !closed);
          assert.ok(open.length <= 2, `${open.length} are loaded`);
        }
        for (const failure of (await Promise.all(requests)).filter((result) => result !== undefined)) {
          const { unresolved } = failure as { unresolved?: unknown };
          assert.ok(unresolved instanceof ServerError, String(failure));
          assert.match(unresolved.message, /The models that are in use hold the memory/);
        }
        await fake.registry.close();
      }),
      { numRuns: 40 },
    );
  });

  it("end once, when nobody holds them any more", async () => {
    const fake = await start();
    const old = fake.loaded[0]!;
    hold(old);
    hold(old);
    await fake.registry.load("m");
    for (let i = 0; i < 5; i++) await turn();
    release(old);
    for (let i = 0; i < 5; i++) await turn();
    assert.equal(old.retired, false);
    release(old);
    for (let i = 0; i < 5; i++) await turn();
    assert.deepEqual([old.retired, old.closed], [true, true]);
    await fake.registry.close();
  });

  it("answer whoever has found them within the turn in which they are exchanged", async () => {
    const fake = await start();
    fake.turns = 0;
    let asked: Promise<unknown> | undefined;
    const old = fake.registry.resolve("m");
    assert.ok(!(old instanceof Promise));
    const loaded = fake.registry.load("m").then(() => (asked = old.infer({ inputs: [] })));
    await loaded;
    await asked;
    assert.equal(fake.found("m"), "1#2");
    await fake.registry.close();
  });
});

function isMissingLabel(failure: unknown): boolean {
  const { unresolved } = failure as { unresolved?: unknown };
  if (!(unresolved instanceof ServerError)) return false;
  return unresolved.code === "ModelNotFound" && unresolved.message.startsWith("The label `stable`");
}
