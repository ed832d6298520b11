import { DATATYPE_LIST, datatypeOf, type Datatype } from "./datatypes";
import type { Signature, TensorSpec } from "../models/signature";

/** What a model takes and gives, in the protocol's datatypes. */
export type ModelSpec = Signature<Datatype>;

function translate(kind: "input" | "output", specs: Signature["inputs"]): TensorSpec<Datatype>[] {
  return specs.map(({ name, datatype: onnxType, shape }) => {
    const datatype = datatypeOf(onnxType);
    if (!datatype) {
      throw new Error(
        `The ${kind} \`${name}\` is of type ${onnxType}, but the server takes ${DATATYPE_LIST}.`,
      );
    }
    return { name, datatype, shape };
  });
}

/** @throws one sentence where a tensor is of a type that the protocol lacks */
export function modelSpec(signature: Signature): ModelSpec {
  return { inputs: translate("input", signature.inputs), outputs: translate("output", signature.outputs) };
}

/** @throws one sentence where rows of several requests cannot share a run of this model */
export function requireBatchDimension(spec: ModelSpec): void {
  for (const { name, shape } of [...spec.inputs, ...spec.outputs]) {
    if (shape[0] !== -1) {
      throw new Error(
        `\`batching\` in \`model.json\` needs a free first dimension in every tensor, but \`${name}\` has the shape [${shape.join(", ")}].`,
      );
    }
  }
}
