import { DATATYPE_LIST, isDatatype, type Datatype, type TensorData } from "../dataplane/datatypes";
import { rawTensor } from "../dataplane/deferred-tensor";
import { elementCount, type Tensor } from "../dataplane/tensor";
import { invalid } from "../errors";
import type { InferRequestMessage, InputMessage } from "./infer-request-message";
import { parameterValues } from "./parameters";
import { hasContents, typedContents } from "./tensor-contents";
import { Malformed } from "./wire/malformed";

/**
 * The tensors of a request.
 * @param maxElements of one tensor
 * @throws 400 naming the tensor
 */
export function inputTensors({ inputs, raw }: InferRequestMessage, maxElements?: number): Tensor[] {
  if (raw.length > 0 && raw.length !== inputs.length) {
    throw invalid(
      `\`raw_input_contents\` has ${raw.length} entries for ${inputs.length} inputs; raw and typed contents cannot be mixed.`,
    );
  }
  const tensors: Tensor[] = [];
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i]!;
    const { name, datatype, shape } = input;
    if (input.parameters.length > 0) refuseSharedMemory(input);
    if (!isDatatype(datatype)) {
      throw invalid(`Input \`${name}\` has the datatype "${datatype}", must be one of ${DATATYPE_LIST}.`);
    }
    const count = elementCount(name, shape, maxElements);
    tensors.push(
      raw.length > 0
        ? ofRawContents(input, datatype, count, raw[i]!)
        : { name, datatype, shape, data: typedData(input, datatype, count) },
    );
  }
  return tensors;
}

function typedData({ name, contents }: InputMessage, datatype: Datatype, count: number): TensorData {
  return confined(name, () => typedContents(name, datatype, count, contents));
}

function ofRawContents(input: InputMessage, datatype: Datatype, count: number, bytes: Buffer): Tensor {
  const { name, shape, contents } = input;
  if (contents.length > 0 && confined(name, () => hasContents(contents))) {
    throw invalid(`Input \`${name}\` has typed \`contents\` beside \`raw_input_contents\`; use one of them.`);
  }
  return rawTensor(name, datatype, shape, count, bytes);
}

/** The contents of a tensor are decoded when its datatype is known; what is malformed shows only then. */
function confined<Result>(name: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw invalid(
      `The \`contents\` of input \`${name}\` are not a valid \`inference.InferTensorContents\`: ${error.message}.`,
    );
  }
}

/** What a client of Triton on the same machine may ask for; ignoring it would give an answer to other data. */
function refuseSharedMemory({ name, parameters }: InputMessage): void {
  if (parameterValues(parameters)?.shared_memory_region !== undefined) {
    throw invalid(
      `Input \`${name}\` has \`shared_memory_region\`, but the server has no shared memory; send the tensor itself.`,
    );
  }
}
