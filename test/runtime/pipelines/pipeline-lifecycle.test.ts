import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import { ServerError } from "../../../runtime/errors";
import { createPipeline } from "../../../runtime/pipelines/pipeline-model";
import type { ResolveStep } from "../../../runtime/pipelines/step-models";
import { FakeModel, floats, heldModel, ignoredMetrics, mapper, spec } from "./support/fake-model";
import { ask, double, log, Models, negate, step } from "./support/models";

describe("a pipeline", () => {
  describe("whose models change", () => {
    it("runs the version that serves at the moment", async () => {
      const models = new Models(double());
      const pipeline = await models.pipeline([step("double", "in", "out")]);
      models.set(mapper("double", (value) => 20 * value, "2"));
      assert.deepEqual(await ask(pipeline), { out: [20, 40] });
      assert.equal(pipeline.unavailable, undefined);
    });

    it("asks for the version or label that the step names", async () => {
      const asked: [string, string | undefined][] = [];
      const model = double();
      const models = new Models(model);
      const resolve: ResolveStep = (name, version) => {
        asked.push([name, version]);
        return models.resolve(name);
      };
      const pipeline = { inputs: [spec("in: FP32 [-1]")], outputs: [spec("out: FP32 [-1]")] };
      const steps = [{ ...step("double", "in", "out"), version: "canary" }];
      const config = { sha256: {}, pipeline: { ...pipeline, steps } };
      const servable = await createPipeline({
        name: "p",
        version: "1",
        config,
        metrics: ignoredMetrics,
        log,
        resolve,
        peek: models.peek,
      });
      await ask(servable);
      assert.deepEqual(asked, [
        ["double", "canary"],
        ["double", "canary"],
      ]);
    });

    it("waits for a model that has to be loaded first", async () => {
      const models = new Models(double());
      const resolve: ResolveStep = async (name) => {
        await turn();
        return models.resolve(name);
      };
      const pipeline = { inputs: [spec("in: FP32 [-1]")], outputs: [spec("out: FP32 [-1]")] };
      const config = { sha256: {}, pipeline: { ...pipeline, steps: [step("double", "in", "out")] } };
      const servable = await createPipeline({
        name: "p",
        version: "1",
        config,
        metrics: ignoredMetrics,
        log,
        resolve,
        peek: models.peek,
      });
      assert.deepEqual(await ask(servable), { out: [2, 4] });
    });

    it("refuses requests while a new version does not fit, and serves again after", async () => {
      const models = new Models(double());
      const pipeline = await models.pipeline([step("double", "in", "out")]);
      models.set(new FakeModel("double", ["x: FP64 [-1]"], ["y: FP32 [-1]"], () => [], "2"));
      const reason =
        "Its models do not fit together any more: `pipeline.steps[0].inputs.x` is the tensor `in` (FP32 [-1]), but model `double` takes FP64 [-1].";
      const expected = {
        code: "ModelNotReady",
        message: `Step 1 (\`double\`) of pipeline \`p\`: Pipeline \`p\` is not ready: ${reason}`,
      };
      await assert.rejects(ask(pipeline), expected);
      await assert.rejects(ask(pipeline), expected);
      assert.equal(pipeline.unavailable, reason);
      models.set(mapper("double", (value) => 3 * value, "3"));
      assert.equal(pipeline.unavailable, undefined);
      assert.deepEqual(await ask(pipeline), { out: [3, 6] });
    });

    it("accepts several models that were exchanged together", async () => {
      const models = new Models(double(), negate());
      const pipeline = await models.pipeline([step("double", "in", "mid"), step("negate", "mid", "out")]);
      models.set(
        new FakeModel("double", ["x: FP32 [-1]"], ["y: BYTES [-1]"], () => [
          { name: "y", datatype: "BYTES", shape: [1], data: ["12"] },
        ]),
      );
      models.set(
        new FakeModel("negate", ["x: BYTES [-1]"], ["y: FP32 [-1]"], ({ inputs: [x] }) => [
          floats("y", [-Number(x!.data[0])]),
        ]),
      );
      assert.deepEqual(await ask(pipeline), { out: [-12] });
    });

    it("is unavailable while one of them is, and says which", async () => {
      const model = double();
      const pipeline = await new Models(model).pipeline([step("double", "in", "out")]);
      model.unavailable = "its worker died.";
      assert.equal(
        pipeline.unavailable,
        "Its step 1 (`double`) is not ready: Model `double` version 1 is not ready: its worker died.",
      );
      await assert.rejects(ask(pipeline), {
        code: "ModelNotReady",
        message: "Step 1 (`double`) of pipeline `p`: Model `double` version 1 is not ready: its worker died.",
      });
      model.unavailable = undefined;
      assert.equal(pipeline.unavailable, undefined);
    });

    it("answers 503, not 404, where one has been removed", async () => {
      let there = true;
      const model = double();
      const models = new Models(model);
      const resolve: ResolveStep = (name) => models.resolve(there ? name : "gone");
      const pipeline = { inputs: [spec("in: FP32 [-1]")], outputs: [spec("out: FP32 [-1]")] };
      const config = { sha256: {}, pipeline: { ...pipeline, steps: [step("double", "in", "out")] } };
      const servable = await createPipeline({
        name: "p",
        version: "1",
        config,
        metrics: ignoredMetrics,
        log,
        resolve,
        peek: models.peek,
      });
      there = false;
      await assert.rejects(ask(servable), {
        code: "ModelNotReady",
        message: "Step 1 (`double`) of pipeline `p`: There is no model `gone`.",
      });
    });
  });

  describe("within pipelines", () => {
    it("runs as a step", async () => {
      const models = new Models(double(), negate());
      models.set(await models.pipeline([step("double", "in", "out")], {}, "inner"));
      const outer = await models.pipeline([
        { model: "inner", inputs: { in: "in" }, outputs: { out: "mid" } },
        step("negate", "mid", "out"),
      ]);
      assert.deepEqual(await ask(outer), { out: [-2, -4] });
    });

    it("names both where a step fails", async () => {
      const models = new Models(
        new FakeModel("bad", ["x: FP32 [-1]"], ["y: FP32 [-1]"], () =>
          Promise.reject(new ServerError("InvalidArgument", "No.")),
        ),
      );
      models.set(await models.pipeline([step("bad", "in", "out")], {}, "inner"));
      const outer = await models.pipeline([
        { model: "inner", inputs: { in: "in" }, outputs: { out: "out" } },
      ]);
      await assert.rejects(ask(outer), {
        code: "InvalidArgument",
        message:
          "Step 1 (`inner` version 1) of pipeline `p`: Step 1 (`bad` version 1) of pipeline `inner`: No.",
      });
    });

    it("is refused where it would run itself", async () => {
      const models = new Models(double());
      const inner = { model: "inner", inputs: { in: "in" }, outputs: { out: "out" } };
      await assert.rejects(models.pipeline([inner], {}, "inner"), {
        message: "`pipeline.steps[0].model` (inner) is the pipeline itself.",
      });
    });
  });

  it("cannot be loaded before its models", async () => {
    await assert.rejects(new Models().pipeline([step("double", "in", "out")]), {
      message: "`pipeline.steps[0].model` (double) cannot serve: There is no model `double`.",
    });
  });

  it("answers what it took before it retires, and takes nothing more", async () => {
    const slow = heldModel("slow");
    const pipeline = await new Models(slow.model, negate()).pipeline([
      step("slow", "in", "mid"),
      step("negate", "mid", "out"),
    ]);
    const answer = ask(pipeline);
    await turn();
    let retired = false;
    const retiring = pipeline.retire().then(() => (retired = true));
    await turn();
    assert.equal(retired, false);
    await assert.rejects(ask(pipeline), {
      code: "ModelNotReady",
      message: "Model `p` version 1 is not ready: it is being unloaded.",
    });
    slow.finish();
    assert.deepEqual(await answer, { out: [-1, -2] });
    await retiring;
  });

  it("starts no further step after it was closed", async () => {
    const slow = heldModel("slow");
    const pipeline = await new Models(slow.model, negate()).pipeline([
      step("slow", "in", "mid"),
      step("negate", "mid", "out"),
    ]);
    const answer = ask(pipeline);
    await turn();
    await pipeline.close();
    slow.finish();
    await assert.rejects(answer, { code: "Draining", message: "The server is shutting down." });
  });
});
