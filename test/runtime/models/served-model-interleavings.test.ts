import assert from "node:assert/strict";
import fc from "fast-check";
import type { InferRequest } from "../../../runtime/dataplane/infer-request";
import { ServerError } from "../../../runtime/errors";
import { load, request, turn, values } from "./served-model.support";

const event = fc.oneof(
  {
    arbitrary: fc.record({
      kind: fc.constant("request" as const),
      rows: fc.integer({ min: 1, max: 5 }),
      width: fc.integer({ min: 1, max: 2 }),
      priority: fc.integer({ min: 0, max: 3 }),
      client: fc.constantFrom("a", "b"),
      outputs: fc.constantFrom(undefined, ["copy"], ["copy", "double"]),
      late: fc.boolean(),
    }),
    weight: 6,
  },
  fc.record({ kind: fc.constant("cancel" as const), which: fc.nat() }),
  { arbitrary: fc.record({ kind: fc.constant("answer" as const), worker: fc.nat() }), weight: 3 },
  { arbitrary: fc.record({ kind: fc.constant("refuse" as const), worker: fc.nat() }), weight: 2 },
  fc.record({ kind: fc.constant("crash" as const), worker: fc.nat() }),
  fc.record({ kind: fc.constantFrom("retire" as const, "close" as const) }),
  { arbitrary: fc.record({ kind: fc.constant("turn" as const) }), weight: 2 },
);

const EXPECTED_FAILURES = new Set([
  "Cancelled",
  "DeadlineExceeded",
  "QueueFull",
  "WorkerCrashed",
  "Internal",
  "ModelNotReady",
  "Draining",
]);

describe("a model under any interleaving of requests, answers, failures, crashes and its end", () => {
  it("answers every request once, with its own rows or a reason", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { maxLength: 50 }),
        fc.constantFrom(false as const, { maxBatchSize: 4 }, { maxBatchSize: 3, preserveOrdering: true }),
        async (events, batching) => {
          const { model, workers } = await load({ batching, queue: { priorityLevels: 3 } }, { instances: 2 });
          const requests: { run: InferRequest; sent: number[]; settled: number }[] = [];
          const outcomes: Promise<void>[] = [];
          const busy = (which: number) => {
            const able = workers.filter(({ runs }) => runs.length > 0);
            return able[which % Math.max(1, able.length)];
          };
          let crashes = 0;
          let next = 0;
          let end: Promise<void> | undefined;
          for (const step of events) {
            if (step.kind === "request") {
              const sent = Array.from({ length: step.rows }, () => next++);
              const { width, priority, client, outputs } = step;
              const deadline = step.late ? performance.now() - 1 : undefined;
              const run = { ...request(sent, { width }), priority, client, outputs, deadline };
              const entry = { run, sent, settled: 0 };
              requests.push(entry);
              const rows = sent.flatMap((value) => Array<number>(width).fill(value));
              outcomes.push(
                model.infer(run).then(
                  (tensors) => {
                    entry.settled++;
                    const got = values(tensors);
                    assert.deepEqual(Object.keys(got), outputs ?? ["double", "copy"]);
                    assert.deepEqual(got.copy, rows);
                    if (got.double)
                      assert.deepEqual(
                        got.double,
                        rows.map((value) => 2 * value),
                      );
                    for (const { shape } of tensors) assert.deepEqual(shape, [sent.length, width]);
                    assert.ok(!step.late, "what comes too late does not run");
                  },
                  (error: unknown) => {
                    entry.settled++;
                    assert.ok(
                      error instanceof ServerError && EXPECTED_FAILURES.has(error.code),
                      String(error),
                    );
                  },
                ),
              );
            } else if (step.kind === "cancel" && requests.length > 0) {
              requests[step.which % requests.length]!.run.cancelled = true;
            } else if (step.kind === "answer") busy(step.worker)?.answer();
            else if (step.kind === "refuse") busy(step.worker)?.refuse("bad luck");
            else if (step.kind === "crash" && crashes < 1 && workers.length > 1) {
              crashes++;
              workers[step.worker % 2]!.crash();
              workers.splice(step.worker % 2, 1);
            } else if (step.kind === "retire" || step.kind === "close") end ??= model[step.kind]();
            else if (step.kind === "turn") await turn();
          }
          const began = performance.now();
          while (model.busyCount > 0) {
            assert.ok(performance.now() - began < 2000, `${model.busyCount} requests are never answered`);
            for (const worker of workers) while (worker.runs.length > 0) worker.answer();
            await turn();
          }
          await Promise.all(outcomes);
          assert.ok(requests.every(({ settled }) => settled === 1));
          await end;
          await model.close();
        },
      ),
      { numRuns: 400 },
    );
  });
});
