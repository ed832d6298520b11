import { rawSize, writeRaw } from "../dataplane/raw-tensor";
import type { Tensor } from "../dataplane/tensor";
import { headsOf, type AnsweredBy } from "./answer-heads";
import { parametersJson } from "./exact-parameters";
import type { BodyRequest } from "./infer-request";
import { ByteWriter } from "./print/byte-writer";
import { printElements } from "./print/print-elements";

/** An encoded answer. */
export interface Encoded {
  /** A string of one character for each byte where the answer is short: it then leaves in one write with the headers. */
  readonly body: string | Buffer;
  readonly length: number;
  /** Bytes of JSON before tensors as bytes; undefined where there are none. */
  readonly jsonLength: number | undefined;
}

/** Bytes up to which a body is handed to the socket as a string. */
const MOST_TEXT = 16 * 1024;

const writer = new ByteWriter();

/** Encodes the answer: JSON, and after it the tensors that were asked for as bytes, in the order listed. */
export function encodeInferResponse(
  model: AnsweredBy,
  request: Pick<BodyRequest, "id" | "parameters" | "binaryByOutput" | "binaryByDefault">,
  outputs: readonly Tensor[],
): Encoded {
  try {
    return encode(model, request, outputs);
  } finally {
    writer.clear();
  }
}

function encode(
  model: AnsweredBy,
  { id, parameters, binaryByOutput, binaryByDefault }: Parameters<typeof encodeInferResponse>[1],
  outputs: readonly Tensor[],
): Encoded {
  const heads = headsOf(model);
  writer.copy(heads.prefix);
  if (id !== undefined) writer.utf8(`"id":${JSON.stringify(id)},`);
  if (parameters !== undefined) writer.utf8(`"parameters":${parametersJson(parameters)},`);
  if (outputs.length === 0) writer.ascii('"outputs":[');
  let binary = false;
  for (let i = 0; i < outputs.length; i++) {
    const tensor = outputs[i]!;
    if (binaryByOutput?.[i] ?? binaryByDefault) {
      binary = true;
      writer.copy(heads.output(i, tensor, rawSize(tensor.data)));
    } else {
      writer.copy(heads.output(i, tensor, undefined));
      printElements(tensor, writer);
      writer.ascii("]}");
    }
  }
  writer.ascii("]}");
  const jsonLength = binary ? writer.at : undefined;
  if (binary) {
    for (let i = 0; i < outputs.length; i++) {
      if (!(binaryByOutput?.[i] ?? binaryByDefault)) continue;
      const { data } = outputs[i]!;
      writer.reserve(rawSize(data));
      writer.at = writeRaw(data, writer.bytes, writer.at);
    }
  }
  const length = writer.at;
  return { body: length <= MOST_TEXT ? writer.takeLatin1() : writer.take(), length, jsonLength };
}
