import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import type { InferRequest } from "../../../runtime/dataplane/infer-request";
import { ServerError } from "../../../runtime/errors";
import type { PipelineStep } from "../../../runtime/models/model-config-types";
import { FakeModel, floats, heldModel, mapper, spec } from "./support/fake-model";
import { ask, double, Models, negate, numbers, step } from "./support/models";
import { fakeTrace } from "../support/fake-trace";

describe("a pipeline", () => {
  it("runs a sequence and hands the arrays on without a copy", async () => {
    const first = double();
    const second = negate();
    const gave: unknown[] = [];
    const watched = new FakeModel("double", ["x: FP32 [-1]"], ["y: FP32 [-1]"], async (request) => {
      const outputs = await first.infer(request);
      gave.push(outputs[0]!.data);
      return outputs;
    });
    const pipeline = await new Models(watched, second).pipeline([
      step("double", "in", "mid"),
      step("negate", "mid", "out"),
    ]);
    const input = floats("in", [1, 2]);
    const outputs = await pipeline.infer({ inputs: [input] });
    assert.deepEqual(numbers(outputs), { out: [-2, -4] });
    assert.equal(watched.inputs[0]![0]!.data, input.data);
    assert.equal(second.inputs[0]![0]!.data, gave[0]);
  });

  it("runs steps that need nothing of each other at the same time", async () => {
    const started: string[] = [];
    let release!: () => void;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const waiting = (name: string) =>
      new FakeModel(name, ["x: FP32 [-1]"], ["y: FP32 [-1]"], async ({ inputs: [x] }) => {
        started.push(name);
        await gate;
        return [{ ...x!, name: "y" }];
      });
    const pipeline = await new Models(waiting("a"), waiting("b")).pipeline(
      [step("a", "in", "left"), step("b", "in", "right")],
      { combine: [{ output: "out", of: ["left", "right"], by: "sum" }] },
    );
    const answer = ask(pipeline);
    await turn();
    assert.deepEqual([started, pipeline.busyCount], [["a", "b"], 1]);
    release();
    assert.deepEqual([await answer, pipeline.busyCount], [{ out: [2, 4] }, 0]);
  });

  it("copies a tensor for all its users but the last", async () => {
    const a = double();
    const b = negate();
    const pipeline = await new Models(a, b).pipeline(
      [step("double", "in", "left"), step("negate", "in", "right")],
      {
        outputs: [spec("left: FP32 [-1]"), spec("right: FP32 [-1]")],
      },
    );
    const input = floats("in", [1, 2]);
    assert.deepEqual(numbers(await pipeline.infer({ inputs: [input] })), { left: [2, 4], right: [-1, -2] });
    const given = [a, b].map(({ inputs }) => inputs[0]![0]!.data === input.data);
    assert.deepEqual(given, [false, true]);
  });

  it("keeps a tensor that is answered, too, and one that a step takes twice", async () => {
    const sum = new FakeModel(
      "sum",
      ["a: FP32 [-1]", "b: FP32 [-1]"],
      ["y: FP32 [-1]"],
      ({ inputs: [a, b] }) => [
        floats(
          "y",
          Array.from(a!.data as Float32Array, (value, i) => value + Number(b!.data[i])),
        ),
      ],
    );
    const pipeline = await new Models(double(), sum).pipeline(
      [step("double", "in", "mid"), { model: "sum", inputs: { a: "mid", b: "mid" }, outputs: { y: "out" } }],
      { outputs: [spec("out: FP32 [-1]"), spec("mid: FP32 [-1]"), spec("in: FP32 [-1]")] },
    );
    assert.deepEqual(await ask(pipeline), { out: [4, 8], mid: [2, 4], in: [1, 2] });
  });

  it("hands views of a batch on to all their users without a copy", async () => {
    const batch = new Float32Array([1, 2, 3, 4]);
    const rows = new FakeModel("rows", ["x: FP32 [-1]"], ["y: FP32 [-1]"], () => [
      { name: "y", datatype: "FP32", shape: [2], data: batch.subarray(0, 2) },
    ]);
    const users = [double(), negate()];
    const pipeline = await new Models(rows, ...users).pipeline(
      [step("rows", "in", "mid"), step("double", "mid", "left"), step("negate", "mid", "right")],
      { outputs: [spec("left: FP32 [-1]"), spec("right: FP32 [-1]")] },
    );
    assert.deepEqual(await ask(pipeline), { left: [2, 4], right: [-1, -2] });
    for (const { inputs } of users) {
      assert.equal((inputs[0]![0]!.data as Float32Array).buffer, batch.buffer);
    }
    assert.deepEqual(Array.from(batch), [1, 2, 3, 4]);
  });

  it("runs only what the requested outputs need", async () => {
    const a = double();
    const b = negate();
    const many = new FakeModel("many", ["x: FP32 [-1]"], ["y: FP32 [-1]", "z: FP32 [-1]"], () => [
      floats("y", [1]),
      floats("z", [2]),
    ]);
    const pipeline = await new Models(a, b, many).pipeline(
      [
        step("double", "in", "left"),
        step("negate", "left", "right"),
        { model: "many", inputs: { x: "in" }, outputs: { y: "one", z: "two" } },
      ],
      { outputs: ["left", "right", "one", "two"].map((name) => spec(`${name}: FP32 [-1]`)) },
    );
    assert.deepEqual(await ask(pipeline, { outputs: ["two", "left"] }), { two: [2], left: [2, 4] });
    assert.deepEqual(
      [a, b, many].map(({ requests }) => requests.length),
      [1, 0, 1],
    );
    assert.deepEqual(many.requests[0]!.outputs, ["z"]);
  });

  describe("with a switch", () => {
    const alternatives = (when: PipelineStep["when"], last: PipelineStep["when"] = { otherwise: true }) => [
      step("double", "in", "out", when),
      step("negate", "in", "out", last),
    ];

    it("chooses by a parameter, and otherwise the rest", async () => {
      const models = [double(), negate()];
      const pipeline = await new Models(...models).pipeline(
        alternatives({ parameter: "route", in: ["fast"] }),
      );
      assert.deepEqual(await ask(pipeline, { parameters: { route: "fast" } }), { out: [2, 4] });
      assert.deepEqual(await ask(pipeline, { parameters: { route: "slow" } }), { out: [-1, -2] });
      assert.deepEqual(await ask(pipeline), { out: [-1, -2] });
      assert.deepEqual(
        models.map(({ requests }) => requests.length),
        [1, 2],
      );
    });

    it("does not take what an object inherits for a parameter", async () => {
      const pipeline = await new Models(double(), negate()).pipeline(
        alternatives({ parameter: "constructor", min: -1 }),
      );
      assert.deepEqual(await ask(pipeline, { parameters: {} }), { out: [-1, -2] });
    });

    it("chooses by a tensor that a step gave, and copies nothing for the alternatives that did not run", async () => {
      const judge = new FakeModel("judge", ["x: FP32 [-1]"], ["y: INT64 [1]"], ({ inputs: [x] }) => [
        { name: "y", datatype: "INT64", shape: [1], data: BigInt64Array.of(BigInt(Number(x!.data[0]))) },
      ]);
      const a = double();
      const b = negate();
      const pipeline = await new Models(judge, a, b).pipeline([
        step("judge", "in", "kind"),
        ...alternatives({ tensor: "kind", min: 5 }),
      ]);
      const input = floats("in", [1, 2]);
      assert.deepEqual(numbers(await pipeline.infer({ inputs: [input] })), { out: [-1, -2] });
      assert.equal(b.inputs[0]![0]!.data, input.data);
      assert.deepEqual(await ask(pipeline, { inputs: [floats("in", [5, 0])] }), { out: [10, 0] });
      assert.equal(a.requests.length, 1);
    });

    it("runs nothing that only the other alternatives need, but at once what all need", async () => {
      const order: string[] = [];
      const noted = (name: string) =>
        new FakeModel(name, ["x: FP32 [-1]"], ["y: FP32 [-1]"], ({ inputs: [x] }) => {
          order.push(name);
          return [{ ...x!, name: "y", shape: [1], data: (x!.data as Float32Array).slice(0, 1) }];
        });
      const pair = new FakeModel("pair", ["x: FP32 [-1]", "e: FP32 [-1]"], ["y: FP32 [-1]"], () => [
        floats("y", [0]),
      ]);
      const pipeline = await new Models(pair, ...["kind", "shared", "only", "b"].map(noted)).pipeline([
        step("kind", "in", "which"),
        step("shared", "in", "both"),
        step("only", "in", "extra"),
        {
          model: "pair",
          inputs: { x: "both", e: "extra" },
          outputs: { y: "out" },
          when: { tensor: "which", min: 5 },
        },
        step("b", "both", "out", { otherwise: true }),
      ]);
      assert.deepEqual(await ask(pipeline), { out: [1] });
      assert.deepEqual(order.sort(), ["b", "kind", "shared"]);
    });

    it("answers 400 where nothing matches", async () => {
      const pipeline = await new Models(double(), negate()).pipeline(
        alternatives({ parameter: "route", in: ["a"] }, { parameter: "route", in: ["b"] }),
      );
      await assert.rejects(ask(pipeline, { parameters: { route: "c" } }), {
        code: "InvalidArgument",
        message: 'No step of the pipeline gives `out` for this request: the parameter `route` is "c".',
      });
      await assert.rejects(ask(pipeline), {
        code: "InvalidArgument",
        message: "No step of the pipeline gives `out` for this request: the parameter `route` is missing.",
      });
    });
  });

  describe("checks its requests", () => {
    const pipeline = () => new Models(double()).pipeline([step("double", "in", "out")]);
    const cases: [Partial<InferRequest>, string][] = [
      [{ inputs: [] }, "Input `in` (FP32 [-1]) of model `p` is missing."],
      [
        { inputs: [{ ...floats("in", [1]), datatype: "INT32" }] },
        "Input `in` is INT32, but model `p` takes FP32.",
      ],
      [{ inputs: [floats("in", [1], [1, 1])] }, "Input `in` has the shape [1, 1], but model `p` takes [-1]."],
      [{ outputs: ["mid"] }, "Model `p` has no output `mid`; it gives `out`."],
    ];
    for (const [request, message] of cases) {
      it(message, async () =>
        assert.rejects(ask(await pipeline(), request), { code: "InvalidArgument", message }),
      );
    }
  });

  it("checks the rules for its inputs", async () => {
    const validation = { in: { max: 1 } };
    const pipeline = await new Models(double()).pipeline([step("double", "in", "out")], {}, "p", {
      validation,
    });
    await assert.rejects(ask(pipeline), { code: "InvalidArgument", message: /^Input `in` / });
    assert.deepEqual(await ask(pipeline, { inputs: [floats("in", [1])] }), { out: [2] });
  });

  it("takes as many requests at a time as its configuration allows", async () => {
    const steps = [step("double", "in", "out")];
    const pipeline = await new Models(double()).pipeline(steps, {}, "p", { maxConcurrentRequests: 1 });
    const first = ask(pipeline);
    await assert.rejects(ask(pipeline), {
      code: "QueueFull",
      message:
        "Pipeline `p` has 1 requests under way already, as many as `maxConcurrentRequests` in its `model.json` allows; retry later.",
    });
    assert.deepEqual(await first, { out: [2, 4] });
    assert.deepEqual(await ask(pipeline), { out: [2, 4] });
  });

  it("hands priority, deadline, client, parameters, ids, a trace of its own and cancellation on", async () => {
    const seen: unknown[] = [];
    const told: string[] = [];
    const own = fakeTrace({ end: (outcome) => void told.push(outcome) });
    const trace = fakeTrace({
      step: (stepModel) => {
        told.push(stepModel);
        return own;
      },
    });
    const request: InferRequest = {
      inputs: [floats("in", [1])],
      priority: 2,
      deadline: 1e9,
      client: "me",
      parameters: { a: 1 },
      trace,
      requestId: "r-1",
      traceparent: "00-1-2-01",
    };
    const model: FakeModel = mapper("double", (value) => {
      const asked = model.requests[0]!;
      const { priority, deadline, client, parameters } = asked;
      seen.push(priority, deadline, client, parameters, asked.requestId, asked.traceparent);
      assert.equal(asked.trace, own);
      seen.push(asked.cancelled);
      request.cancelled = true;
      seen.push(asked.cancelled);
      return value;
    });
    const pipeline = await new Models(model).pipeline([step("double", "in", "out")]);
    await pipeline.infer(request);
    assert.deepEqual(seen, [2, 1e9, "me", { a: 1 }, "r-1", "00-1-2-01", false, true]);
    assert.deepEqual(told, ["double", "OK"]);
  });

  it("runs no further step once the client has gone", async () => {
    const second = negate();
    const request: InferRequest = { inputs: [floats("in", [1])] };
    const leaving = mapper("double", (value) => {
      request.cancelled = true;
      return value;
    });
    const pipeline = await new Models(leaving, second).pipeline([
      step("double", "in", "mid"),
      step("negate", "mid", "out"),
    ]);
    await assert.rejects(pipeline.infer(request), { code: "Cancelled", message: "The client has gone." });
    assert.equal(second.requests.length, 0);
  });

  const failures: [string, unknown, string, string][] = [
    [
      "a client's mistake",
      new ServerError("InvalidArgument", "Input `x` is wrong."),
      "InvalidArgument",
      "Step 2 (`bad` version 1) of pipeline `p`: Input `x` is wrong.",
    ],
    [
      "a full queue",
      new ServerError("QueueFull", "Model `bad` has 2 requests waiting already; retry later."),
      "QueueFull",
      "Step 2 (`bad` version 1) of pipeline `p`: Model `bad` has 2 requests waiting already; retry later.",
    ],
    [
      "a fault",
      new TypeError("/a/path is undefined"),
      "Internal",
      "Step 2 (`bad` version 1) of pipeline `p`: The server failed to process the request; its log holds the cause.",
    ],
  ];
  for (const [what, failure, code, message] of failures) {
    it(`fails with ${what} of a step, and stops the others`, async () => {
      const bad = new FakeModel("bad", ["x: FP32 [-1]"], ["y: FP32 [-1]"], () =>
        Promise.reject(failure as Error),
      );
      const slow = heldModel("slow");
      const after = negate();
      const pipeline = await new Models(bad, slow.model, after).pipeline(
        [step("slow", "in", "late"), step("bad", "in", "out"), step("negate", "late", "later")],
        { outputs: [spec("out: FP32 [-1]"), spec("later: FP32 [-1]")] },
      );
      await assert.rejects(ask(pipeline), { code, message });
      assert.equal(slow.model.requests[0]!.cancelled, true);
      slow.finish();
      await turn();
      assert.equal(after.requests.length, 0);
    });
  }

  it("says which size is not as declared", async () => {
    const long = new FakeModel("long", ["x: FP32 [-1]"], ["y: FP32 [-1]"], () => [floats("y", [1, 2, 3])]);
    const pipeline = await new Models(long).pipeline([step("long", "in", "out")], {
      outputs: [spec("out: FP32 [2]")],
    });
    await assert.rejects(ask(pipeline), {
      code: "Internal",
      message: "Pipeline `p` gave `out` with the shape [3], but declares [2] in `model.json`.",
    });
  });
});
