import { z } from "zod";
import { DATATYPE_LIST, DATATYPES, type Datatype } from "../dataplane/datatypes";
import { anyOf, choice, list, named, number, object, text, whole } from "./model-config-rules";

const datatype = z.enum(Object.keys(DATATYPES) as [Datatype, ...Datatype[]], `one of ${DATATYPE_LIST}`);
const size = z.int("a size >= 1, or -1 where it is free").refine((value) => value === -1 || value >= 1, {
  error: "a size >= 1, or -1 where it is free",
});
const tensors = list(
  object({
    name: text().describe("name of the tensor"),
    datatype: datatype.describe("datatype as the V2 protocol names it"),
    shape: list(size, "a list of sizes").describe("sizes, -1 where one is free"),
  }),
  "a list of tensors, at least one",
  1,
);

const tensorMap = named(text(), "an object of tensor to tensor");
const plainValue = anyOf([z.string(), z.number(), z.boolean()], "a text, a number, true or false");

const condition = object({
  parameter: text().optional().describe("request parameter that is compared"),
  tensor: text().optional().describe("tensor whose single value is compared"),
  in: list(plainValue, "a list of values, at least one", 1)
    .optional()
    .describe("matches where the value is one of these"),
  min: number().optional().describe("matches from this number, inclusive"),
  max: number().optional().describe("matches up to this number, inclusive"),
  otherwise: z
    .literal(true, "true")
    .optional()
    .describe("matches where no earlier step of the same outputs did"),
});

const step = object({
  model: text().describe("name of the model that runs"),
  version: text().optional().describe("version or label; left out, the highest that is ready"),
  inputs: tensorMap.describe("the model's input → a tensor of the pipeline"),
  outputs: tensorMap.describe("the model's output → the pipeline's name for it"),
  when: condition.optional().describe("runs the step only for requests that match"),
});

const combine = object({
  output: text().describe("name of the tensor that comes of it"),
  of: list(text(), "a list of tensors, at least one", 1).describe("tensors of the same shape and type"),
  by: choice(["mean", "sum", "max", "min", "concat"])
    .optional()
    .meta({ description: "how the tensors become one", default: "mean" }),
  weights: list(number(), "a list of numbers")
    .optional()
    .describe("by tensor, for mean and sum; left out, equal"),
  axis: whole(0, 31).optional().meta({ description: "dimension of concat", default: 0 }),
});

/** `pipeline` in `model.json`; whether its graph fits together is checked at load, when its models are there. */
export const pipelineSchema = object({
  inputs: tensors.describe("what a request brings"),
  outputs: tensors.describe("what it is answered with"),
  steps: list(step, "a list of steps, at least one", 1).describe(
    "models that run; steps that need nothing of each other run at the same time",
  ),
  combine: list(combine, "a list of combinations").optional().describe("tensors that are joined into one"),
});
