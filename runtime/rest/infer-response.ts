import { rawSize, writeRaw } from "../dataplane/raw-tensor";
import type { Tensor } from "../dataplane/tensor";
import { parametersJson } from "./exact-parameters";
import type { BodyRequest } from "./infer-request";
import { ByteWriter } from "./print/byte-writer";
import { printElements } from "./print/print-elements";

/** What the answer to an inference says beside its tensors. */
export interface AnsweredBy {
  readonly name: string;
  readonly version: string;
}

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

/** The first bytes of every answer of a model version. */
const prefixes = new WeakMap<AnsweredBy, string>();
/** JSON of names of outputs, of which there are few. */
const quoted = new Map<string, string>();
const MOST_QUOTED = 1000;

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
  writer.utf8(prefixOf(model));
  if (id !== undefined) writer.utf8(`"id":${JSON.stringify(id)},`);
  if (parameters !== undefined) writer.utf8(`"parameters":${parametersJson(parameters)},`);
  writer.ascii('"outputs":[');
  let binary = false;
  for (let i = 0; i < outputs.length; i++) {
    const tensor = outputs[i]!;
    if (i > 0) writer.ascii(",");
    writer.utf8(quote(tensor.name));
    writer.ascii(`,"datatype":"${tensor.datatype}","shape":[${tensor.shape.join(",")}],`);
    if (binaryByOutput?.[i] ?? binaryByDefault) {
      binary = true;
      writer.ascii(`"parameters":{"binary_data_size":${rawSize(tensor.data)}}}`);
    } else {
      writer.ascii('"data":[');
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

function prefixOf(model: AnsweredBy): string {
  let prefix = prefixes.get(model);
  if (prefix === undefined) {
    prefix = `{"model_name":${JSON.stringify(model.name)},"model_version":${JSON.stringify(model.version)},`;
    prefixes.set(model, prefix);
  }
  return prefix;
}

/** `{"name":"…"`, written once for each name. */
function quote(name: string): string {
  let text = quoted.get(name);
  if (text === undefined) {
    if (quoted.size >= MOST_QUOTED) quoted.clear();
    text = `{"name":${JSON.stringify(name)}`;
    quoted.set(name, text);
  }
  return text;
}
