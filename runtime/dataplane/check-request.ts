import { invalid } from "../errors";
import type { ModelSpec } from "./model-spec";
import type { Tensor } from "./tensor";

/** The inputs in the model's order. @throws 400 naming the tensor that is missing, unknown, twice there or ill-shaped */
export function orderInputs(model: string, spec: ModelSpec, inputs: readonly Tensor[]): Tensor[] {
  const ordered: Tensor[] = [];
  for (let i = 0; i < spec.inputs.length; i++) {
    const expected = spec.inputs[i]!;
    // Mostly inputs come in the model's own order.
    const tensor =
      inputs[i]?.name === expected.name ? inputs[i] : inputs.find((input) => input.name === expected.name);
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
    if (tensor.datatype === "BYTES") refuseNul(tensor);
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

/** onnxruntime-node takes texts as C does and cuts them off there, without a word. */
function refuseNul({ name, data }: Tensor): void {
  const index = (data as readonly string[]).findIndex((text) => text.includes("\0"));
  if (index < 0) return;
  throw invalid(
    `Input \`${name}\` has a NUL character in element ${index}, behind which the model would not see the text; remove it.`,
  );
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

/**
 * The places of the outputs to compute: those asked for, in that order; undefined for all.
 * @throws 400 naming one that the model lacks
 */
export function chooseOutputs(
  model: string,
  spec: ModelSpec,
  requested: readonly string[] | undefined,
): readonly number[] | undefined {
  if (!requested || requested.length === 0) return undefined;
  const { outputs } = spec;
  let inOrder = requested.length === outputs.length;
  const places = requested.map((name, i) => {
    // Mostly outputs are asked for in the model's own order.
    const place = outputs[i]?.name === name ? i : outputs.findIndex((output) => output.name === name);
    if (place < 0) {
      throw invalid(`Model \`${model}\` has no output \`${name}\`; it gives ${names(outputs)}.`);
    }
    if (place !== i) inOrder = false;
    return place;
  });
  if (inOrder) return undefined;
  const [twice] = places.filter((place, i) => places.indexOf(place) !== i);
  if (twice !== undefined) {
    throw invalid(`Output \`${outputs[twice]!.name}\` is requested more than once.`);
  }
  return places;
}
