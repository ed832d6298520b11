import { invalid } from "../errors";
import type { ModelSpec } from "./model-spec";
import type { Tensor } from "./tensor";

/** The inputs in the model's order. @throws 400 naming the tensor that is missing, unknown, twice there or ill-shaped */
export function orderInputs(model: string, spec: ModelSpec, inputs: readonly Tensor[]): Tensor[] {
  const ordered: Tensor[] = [];
  for (const expected of spec.inputs) {
    const tensor = inputs.find((input) => input.name === expected.name);
    if (!tensor) {
      throw invalid(
        `Input \`${expected.name}\` (${expected.datatype} [${expected.shape.join(", ")}]) of model \`${model}\` is missing.`,
      );
    }
    if (tensor.datatype !== expected.datatype) {
      throw invalid(
        `Input \`${tensor.name}\` is ${tensor.datatype}, but model \`${model}\` takes ${expected.datatype}.`,
      );
    }
    if (!shapeFits(tensor.shape, expected.shape)) {
      throw invalid(
        `Input \`${tensor.name}\` has the shape [${tensor.shape.join(", ")}], but model \`${model}\` takes [${expected.shape.join(", ")}].`,
      );
    }
    ordered.push(tensor);
  }
  if (inputs.length !== ordered.length) throw surplus(model, spec, inputs);
  return ordered;
}

function shapeFits(shape: readonly number[], expected: readonly number[]): boolean {
  if (shape.length !== expected.length) return false;
  for (let i = 0; i < shape.length; i++) {
    if (expected[i] !== -1 && expected[i] !== shape[i]) return false;
  }
  return true;
}

function surplus(model: string, spec: ModelSpec, inputs: readonly Tensor[]): Error {
  const known = new Set(spec.inputs.map((input) => input.name));
  for (const { name } of inputs) {
    if (!known.has(name)) {
      return invalid(`Model \`${model}\` has no input \`${name}\`; it takes ${names(spec.inputs)}.`);
    }
    if (inputs.filter((other) => other.name === name).length > 1) {
      return invalid(`Input \`${name}\` is given more than once.`);
    }
  }
  return invalid(`Model \`${model}\` takes ${spec.inputs.length} inputs, got ${inputs.length}.`);
}

function names(specs: readonly { name: string }[]): string {
  return specs.map(({ name }) => `\`${name}\``).join(", ");
}

/** The outputs to compute: those asked for, in that order, or all. @throws 400 naming one that the model lacks */
export function chooseOutputs(
  model: string,
  spec: ModelSpec,
  requested: readonly string[] | undefined,
): readonly string[] {
  if (!requested || requested.length === 0) return spec.outputs.map((output) => output.name);
  for (const [i, name] of requested.entries()) {
    if (!spec.outputs.some((output) => output.name === name)) {
      throw invalid(`Model \`${model}\` has no output \`${name}\`; it gives ${names(spec.outputs)}.`);
    }
    if (requested.indexOf(name) !== i) throw invalid(`Output \`${name}\` is requested more than once.`);
  }
  return requested;
}
