import assert from "node:assert/strict";
import type { PipelineConfig } from "../../../runtime/models/model-config-types";
import { pipelineGraph } from "../../../runtime/pipelines/build-graph";
import { checkFlow } from "../../../runtime/pipelines/flow";
import { spec } from "./support/fake-model";

const model = (inputs: string[], outputs: string[]) => ({
  inputs: inputs.map(spec),
  outputs: outputs.map(spec),
});
type Model = ReturnType<typeof model>;

/** A pipeline of two steps, `in` → `mid` → `out`. */
const sequence = (rest: Partial<PipelineConfig> = {}): PipelineConfig => ({
  inputs: [spec("in: FP32 [-1, 3]")],
  outputs: [spec("out: FP32 [-1, 2]")],
  steps: [
    { model: "first", inputs: { x: "in" }, outputs: { y: "mid" } },
    { model: "second", inputs: { x: "mid" }, outputs: { y: "out" } },
  ],
  ...rest,
});
const first = model(["x: FP32 [-1, 3]"], ["y: FP32 [-1, 5]"]);
const second = model(["x: FP32 [-1, 5]"], ["y: FP32 [-1, 2]"]);

describe("checkFlow", () => {
  const accepted: [string, Model, Model][] = [
    ["equal shapes", first, second],
    ["a size that the giver leaves free", model(["x: FP32 [-1, 3]"], ["y: FP32 [-1, -1]"]), second],
    ["a size that the taker leaves free", first, model(["x: FP32 [-1, -1]"], ["y: FP32 [-1, 2]"])],
    ["an output whose rank the model does not know", model(["x: FP32 [-1, 3]"], ["y: FP32 []"]), second],
    ["outputs that nothing uses", model(["x: FP32 [-1, 3]"], ["y: FP32 [-1, 5]", "z: BYTES [1]"]), second],
  ];
  for (const [what, a, b] of accepted)
    it(`accepts ${what}`, () => checkFlow(pipelineGraph(sequence()), [a, b]));

  const refused: [string, PipelineConfig, Model, Model, string][] = [
    [
      "another datatype",
      sequence(),
      first,
      model(["x: FP64 [-1, 5]"], ["y: FP32 [-1, 2]"]),
      "`pipeline.steps[1].inputs.x` is the tensor `mid` (FP32 [-1, 5]), but model `second` takes FP64 [-1, 5].",
    ],
    [
      "another size",
      sequence(),
      first,
      model(["x: FP32 [-1, 4]"], ["y: FP32 [-1, 2]"]),
      "`pipeline.steps[1].inputs.x` is the tensor `mid` (FP32 [-1, 5]), but model `second` takes FP32 [-1, 4].",
    ],
    [
      "another rank",
      sequence(),
      model(["x: FP32 [-1]"], ["y: FP32 [-1, 5]"]),
      second,
      "`pipeline.steps[0].inputs.x` is the tensor `in` (FP32 [-1, 3]), but model `first` takes FP32 [-1].",
    ],
    [
      "an input without a tensor",
      sequence(),
      model(["x: FP32 [-1, 3]", "mask: BOOL [-1]"], ["y: FP32 [-1, 5]"]),
      second,
      "`pipeline.steps[0].inputs` must name a tensor for `mask` (BOOL [-1]) of model `first`.",
    ],
    [
      "an input that the model lacks",
      sequence(),
      model(["image: FP32 [-1, 3]"], ["y: FP32 [-1, 5]"]),
      second,
      "`pipeline.steps[0].inputs` names `x`, but model `first` takes `image`.",
    ],
    [
      "an output that the model lacks",
      sequence(),
      model(["x: FP32 [-1, 3]"], ["logits: FP32 [-1, 5]", "z: FP32 [1]"]),
      second,
      "`pipeline.steps[0].outputs` names `y`, but model `first` gives `logits`, `z`.",
    ],
    [
      "an output that is declared otherwise",
      sequence({ outputs: [spec("out: FP32 [-1, 9]")] }),
      first,
      second,
      "`pipeline.outputs` declares `out` as FP32 [-1, 9], but the pipeline gives FP32 [-1, 2].",
    ],
    [
      "an output of another datatype",
      sequence({ outputs: [spec("out: INT64 [-1, 2]")] }),
      first,
      second,
      "`pipeline.outputs` declares `out` as INT64 [-1, 2], but the pipeline gives FP32 [-1, 2].",
    ],
  ];
  for (const [what, config, a, b, message] of refused) {
    it(`refuses ${what}`, () => assert.throws(() => checkFlow(pipelineGraph(config), [a, b]), { message }));
  }

  const choice = (tensor: string, values: readonly (string | number | boolean)[]): PipelineConfig =>
    sequence({
      inputs: [spec("in: FP32 [-1, 3]"), spec(tensor)],
      steps: [
        {
          model: "a",
          inputs: { x: "in" },
          outputs: { y: "out" },
          when: { tensor: spec(tensor).name, in: values },
        },
        { model: "b", inputs: { x: "in" }, outputs: { y: "out" }, when: { otherwise: true } },
      ],
    });
  const two = model(["x: FP32 [-1, 3]"], ["y: FP32 [-1, 2]"]);

  it("accepts conditions on one value of each kind", () => {
    checkFlow(pipelineGraph(choice("kind: BYTES [1]", ["a"])), [two, two]);
    checkFlow(pipelineGraph(choice("kind: BOOL [-1]", [true])), [two, two]);
    checkFlow(pipelineGraph(choice("kind: INT64 [1, 1]", [3])), [two, two]);
  });

  const conditions: [string, readonly (string | number | boolean)[], string][] = [
    [
      "kind: INT64 [2]",
      [3],
      "`pipeline.steps[0].when.tensor` reads a single value, but `kind` has the shape [2].",
    ],
    ["kind: INT64 [1]", ["3"], '`pipeline.steps[0].when.in` holds "3", but `kind` is INT64; use a number.'],
    ["kind: BYTES [1]", [3], "`pipeline.steps[0].when.in` holds 3, but `kind` is BYTES; use a string."],
    ["kind: BOOL [1]", [1], "`pipeline.steps[0].when.in` holds 1, but `kind` is BOOL; use a boolean."],
  ];
  for (const [tensor, values, message] of conditions) {
    it(`refuses a condition of ${JSON.stringify(values)} on ${tensor}`, () =>
      assert.throws(() => checkFlow(pipelineGraph(choice(tensor, values)), [two, two]), { message }));
  }

  it("refuses bounds on texts", () => {
    const config = choice("kind: BYTES [1]", ["a"]);
    const steps = [{ ...config.steps[0]!, when: { tensor: "kind", min: 1 } }, config.steps[1]!];
    assert.throws(() => checkFlow(pipelineGraph({ ...config, steps }), [two, two]), {
      message: "`pipeline.steps[0].when` has bounds, but `kind` is BYTES; use `in`.",
    });
  });

  it("takes what alternatives have in common, and refuses those of different types or ranks", () => {
    const config = choice("kind: INT64 [1]", [1]);
    const wide = model(["x: FP32 [-1, 3]"], ["y: FP32 [-1, 7]"]);
    const open = { ...config, outputs: [spec("out: FP32 [-1, -1]")] };
    checkFlow(pipelineGraph(open), [two, wide]);
    const fixed = { ...config, outputs: [spec("out: FP32 [-1, 2]")] };
    checkFlow(pipelineGraph(fixed), [two, wide]);
    assert.throws(
      () => checkFlow(pipelineGraph(config), [two, model(["x: FP32 [-1, 3]"], ["y: FP32 [-1]"])]),
      {
        message:
          "The alternatives of `pipeline` that give `out` differ: step 1 (`a`) gives FP32 [-1, 2], but step 2 (`b`) gives FP32 [-1].",
      },
    );
  });
});
