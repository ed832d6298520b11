import assert from "node:assert/strict";
import type { PipelineConfig, PipelineStep } from "../../../runtime/models/model-config-types";
import { pipelineGraph } from "../../../runtime/pipelines/build-graph";

const tensor = (name: string, datatype = "FP32") => ({ name, datatype, shape: [-1] });
const step = (inputs: string, outputs: string, when?: PipelineStep["when"]): PipelineStep => ({
  model: `m-${outputs}`,
  inputs: Object.fromEntries(inputs.split(" ").map((name, i) => [`x${i}`, name])),
  outputs: Object.fromEntries(outputs.split(" ").map((name, i) => [`y${i}`, name])),
  when,
});
const pipeline = (steps: PipelineStep[], rest: Partial<PipelineConfig> = {}): PipelineConfig => ({
  inputs: [tensor("in")],
  outputs: [tensor("out")],
  steps,
  ...rest,
});
const byRoute = (...values: string[]) => ({ parameter: "route", in: values });
const otherwise = { otherwise: true } as const;

describe("pipelineGraph", () => {
  it("takes sequences, branches, switches and combinations", () => {
    const { warnings, steps } = pipelineGraph(
      pipeline(
        [step("in", "a unused"), step("a", "b"), step("in", "c", byRoute("x")), step("a", "c", otherwise)],
        { combine: [{ output: "out", of: ["a", "b", "c"], by: "mean", weights: [1, 2, 3] }] },
      ),
    );
    assert.deepEqual(warnings, []);
    assert.deepEqual(
      steps.map(({ label }) => label),
      ["step 1 (`m-a unused`)", "step 2 (`m-b`)", "step 3 (`m-c`)", "step 4 (`m-c`)"],
    );
  });

  it("lets an input be an output", () => {
    pipelineGraph(pipeline([step("in", "out")], { outputs: [tensor("out"), tensor("in")] }));
  });

  it("warns of a switch without otherwise and of an input that nothing uses", () => {
    const { warnings } = pipelineGraph(
      pipeline([step("in", "out", byRoute("x")), step("in", "out", byRoute("y"))], {
        inputs: [tensor("in"), tensor("extra")],
      }),
    );
    assert.deepEqual(warnings, [
      "No step of the pipeline uses its input `extra`.",
      'No step gives `out` for requests that match none of its conditions, they get 400; add an alternative to step 2 (`m-out`) with `"when": {"otherwise": true}`.',
    ]);
  });

  const refused: [string, PipelineConfig, string][] = [
    ["no steps", pipeline([]), "`pipeline.steps` must hold at least one step."],
    ["no inputs", pipeline([], { inputs: [] }), "`pipeline.inputs` must hold at least one tensor."],
    ["no outputs", pipeline([], { outputs: [] }), "`pipeline.outputs` must hold at least one tensor."],
    [
      "a datatype that the protocol lacks",
      pipeline([], { outputs: [tensor("out", "BF16")] }),
      "`pipeline.outputs[0].datatype` (BF16) must be one of BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, FP16, FP32, FP64, BYTES.",
    ],
    [
      "an input declared twice",
      pipeline([], { inputs: [tensor("in"), tensor("in")] }),
      "`pipeline.inputs` names `in` more than once.",
    ],
    [
      "a step without outputs",
      pipeline([{ ...step("in", "out"), outputs: {} }]),
      "`pipeline.steps[0].outputs` must name at least one output of `m-out`.",
    ],
    [
      "a tensor that nothing gives",
      pipeline([step("nowhere", "out")]),
      "`pipeline.steps[0].inputs.x0` names the tensor `nowhere`, but neither an input nor a step nor a combination of the pipeline gives it.",
    ],
    [
      "an output that nothing gives",
      pipeline([step("in", "a")]),
      "`pipeline.outputs[0]` names the tensor `out`, but neither an input nor a step nor a combination of the pipeline gives it.",
    ],
    [
      "a condition on a tensor that nothing gives",
      pipeline([step("in", "out", { tensor: "kind", in: [1] })]),
      "`pipeline.steps[0].when.tensor` names the tensor `kind`, but neither an input nor a step nor a combination of the pipeline gives it.",
    ],
    [
      "a combination of a tensor that nothing gives",
      pipeline([step("in", "a")], { combine: [{ output: "out", of: ["a", "b"] }] }),
      "`pipeline.combine[0].of[1]` names the tensor `b`, but neither an input nor a step nor a combination of the pipeline gives it.",
    ],
    [
      "a tensor given twice",
      pipeline([step("in", "out"), step("in", "out")]),
      "`pipeline.steps[1].outputs` gives the tensor `out`, which step 1 (`m-out`) gives already; name it otherwise, or give both steps a `when`.",
    ],
    [
      "a tensor given by an input and a step",
      pipeline([step("in", "in")]),
      "`pipeline.steps[0].outputs` gives the tensor `in`, which is an input of the pipeline already.",
    ],
    [
      "a tensor given twice by one step",
      pipeline([step("in", "out out")]),
      "`pipeline.steps[0].outputs` gives the tensor `out` twice.",
    ],
    [
      "a combination that gives what a step gives",
      pipeline([step("in", "out")], { combine: [{ output: "out", of: ["in"] }] }),
      "`pipeline.combine[0].output` gives the tensor `out`, which is given already.",
    ],
    [
      "alternatives that give different tensors",
      pipeline([step("in", "out more", byRoute("x")), step("in", "out", otherwise)]),
      "`pipeline.steps[1]` is an alternative to step 1 (`m-out more`), so it must give the same tensors: `out`, `more`.",
    ],
    [
      "an alternative after otherwise",
      pipeline([step("in", "out", otherwise), step("in", "out", byRoute("x"))]),
      "`pipeline.steps[1].when` never decides: step 1 (`m-out`) matches before it whenever it would.",
    ],
    [
      "an alternative whose values are all taken",
      pipeline([step("in", "out", byRoute("x", "y")), step("in", "out", byRoute("y"))]),
      "`pipeline.steps[1].when` never decides: step 1 (`m-out`) matches before it whenever it would.",
    ],
    [
      "a cycle",
      pipeline([step("in c", "a"), step("a", "b"), step("b", "c out")]),
      "`pipeline` has a cycle: `a` → `b` → `c` → `a`, where each tensor is needed for the next.",
    ],
    [
      "a step that needs its own tensor",
      pipeline([step("in out", "out")]),
      "`pipeline` has a cycle: `out` → `out`, where each tensor is needed for the next.",
    ],
    [
      "a cycle through a condition and a combination",
      pipeline([step("in", "a", { tensor: "out", in: [1] })], { combine: [{ output: "out", of: ["a"] }] }),
      "`pipeline` has a cycle: `a` → `out` → `a`, where each tensor is needed for the next.",
    ],
    [
      "a step that no output needs",
      pipeline([step("in", "out"), step("in", "a"), step("a", "b")]),
      "`pipeline.steps[1]` is never run: no output of the pipeline needs what step 2 (`m-a`) gives; remove it, or add one of its tensors to `pipeline.outputs`.",
    ],
    [
      "a combination that no output needs",
      pipeline([step("in", "out")], { combine: [{ output: "a", of: ["out"] }] }),
      "`pipeline.combine[0]` is never computed: no output of the pipeline needs `a`.",
    ],
    [
      "a condition on nothing",
      pipeline([step("in", "out", { in: [1] })]),
      "`pipeline.steps[0].when` must have exactly one of `parameter`, `tensor` and `otherwise`.",
    ],
    [
      "a condition without values",
      pipeline([step("in", "out", { parameter: "p" })]),
      "`pipeline.steps[0].when` must have either `in` or at least one of `min` and `max`.",
    ],
    [
      "a condition with values and bounds",
      pipeline([step("in", "out", { parameter: "p", in: [1], min: 0 })]),
      "`pipeline.steps[0].when` must have either `in` or at least one of `min` and `max`.",
    ],
    [
      "a condition on an empty list",
      pipeline([step("in", "out", { parameter: "p", in: [] })]),
      "`pipeline.steps[0].when.in` must hold at least one value.",
    ],
    [
      "bounds the wrong way round",
      pipeline([step("in", "out", { parameter: "p", min: 2, max: 1 })]),
      "`pipeline.steps[0].when.min` (2) must be <= `pipeline.steps[0].when.max` (1).",
    ],
    [
      "otherwise with more",
      pipeline([step("in", "out", { otherwise: true, parameter: "p" })]),
      "`pipeline.steps[0].when` has `otherwise`, which stands alone; remove its other fields.",
    ],
  ];
  for (const [what, config, message] of refused) {
    it(`refuses ${what}`, () => assert.throws(() => pipelineGraph(config), { message }));
  }
});
