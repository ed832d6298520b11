import { rawSize, writeRaw } from "../dataplane/raw-tensor";
import { bytesOfData, type Tensor } from "../dataplane/tensor";
import { writer, type WireWriter } from "./wire/wire-writer";

/** What an answer has besides its tensors. */
export interface InferAnswer {
  readonly model: string;
  readonly version: string;
  /** UTF-8, as the request had it. */
  readonly id: Buffer | undefined;
  /** Encoded entries of the map. */
  readonly parameters: readonly Buffer[];
}

/** inference.ModelInferResponse, with the prefix of a gRPC message. The tensors are raw: their bytes are copied once. */
export function encodeInferResponse(answer: InferAnswer, tensors: readonly Tensor[]): Buffer {
  writer.begin();
  writeHead(writer, answer, tensors);
  return writer.finish(6, tensors.map(rawBytes));
}

/** The same as the answer to one request of a stream: inference.ModelStreamInferResponse. */
export function encodeStreamResponse(answer: InferAnswer, tensors: readonly Tensor[]): Buffer {
  writer.begin();
  const start = writer.open(2);
  writeHead(writer, answer, tensors);
  for (const tensor of tensors) writer.bytes(6, rawBytes(tensor));
  writer.close(start);
  return writer.finish();
}

/** The refusal of one request of a stream; its `id` tells which. */
export function encodeStreamError(message: string, id: Buffer | undefined): Buffer {
  writer.begin().text(1, message);
  const start = writer.open(2);
  if (id) writer.bytes(3, id);
  writer.close(start);
  return writer.finish();
}

function writeHead(to: WireWriter, answer: InferAnswer, tensors: readonly Tensor[]): void {
  to.text(1, answer.model);
  to.text(2, answer.version);
  if (answer.id) to.bytes(3, answer.id);
  for (const entry of answer.parameters) to.bytes(4, entry);
  for (const { name, datatype, shape } of tensors) {
    const start = to.open(5);
    to.text(1, name);
    to.text(2, datatype);
    to.packed(3, shape);
    to.close(start);
  }
}

/** The raw bytes of a tensor. Of numbers they are a view, not a copy. */
function rawBytes({ data }: Tensor): Uint8Array {
  if (!Array.isArray(data)) return bytesOfData(data);
  const bytes = Buffer.allocUnsafe(rawSize(data));
  writeRaw(data, bytes, 0);
  return bytes;
}
