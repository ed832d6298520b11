import { invalid, ServerError } from "../errors";
import { isShared } from "../free-memory";
import { Malformed } from "./wire/malformed";
import { LENGTH, VARINT, WireReader } from "./wire/wire-reader";

/** inference.ModelInferRequest as it came: what is large or goes back to the client stays a view of the message. */
export interface InferRequestMessage {
  modelName: string;
  /** Empty: the highest that is ready. */
  modelVersion: string;
  /** UTF-8, for the answer only. */
  id: Buffer | undefined;
  /** Entries of the map, encoded. */
  parameters: Buffer[];
  inputs: InputMessage[];
  outputs: OutputMessage[];
  /** The encoded tensors, one per input, where they are not in the inputs. */
  raw: Buffer[];
  /** Whether nobody else has a part of the memory that all of this lies in. */
  isAlone: boolean;
}

export interface InputMessage {
  name: string;
  datatype: string;
  shape: number[];
  parameters: Buffer[];
  /** inference.InferTensorContents, encoded; protobuf joins the parts of a message that comes in several. */
  contents: Buffer[];
}

export interface OutputMessage {
  name: string;
  parameters: Buffer[];
}

/** Tensors or parameters of one message: each costs far more memory than the two bytes that an empty one is sent in. */
const MOST_ENTRIES = 10_000;

/** Dimensions that are kept of a shape: one more than any tensor may have, so that the sentence about it can be said. */
const MOST_DIMENSIONS = 33;

/** @throws 400 where the bytes are no such message */
export function decodeInferRequest(bytes: Buffer): InferRequestMessage {
  try {
    return read(bytes);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw invalid(`The message is not a valid \`inference.ModelInferRequest\`: ${error.message}.`);
  }
}

const tag = (field: number, wireType: number) => (field << 3) | wireType;

function read(bytes: Buffer): InferRequestMessage {
  const reader = new WireReader(bytes);
  const message: InferRequestMessage = {
    modelName: "",
    modelVersion: "",
    id: undefined,
    parameters: [],
    inputs: [],
    outputs: [],
    raw: [],
    isAlone: !isShared(bytes),
  };
  while (reader.more) {
    const next = reader.tag();
    switch (next) {
      case tag(1, LENGTH):
        message.modelName = reader.text();
        break;
      case tag(2, LENGTH):
        message.modelVersion = reader.text();
        break;
      case tag(3, LENGTH):
        message.id = reader.view();
        break;
      case tag(4, LENGTH):
        push(message.parameters, reader.view(), "parameters");
        break;
      case tag(5, LENGTH):
        push(message.inputs, readInput(reader), "inputs");
        break;
      case tag(6, LENGTH):
        push(message.outputs, readOutput(reader), "outputs");
        break;
      case tag(7, LENGTH):
        push(message.raw, reader.view(), "raw_input_contents");
        break;
      default:
        reader.skip(next);
    }
  }
  return message;
}

function readInput(reader: WireReader): InputMessage {
  const outer = reader.enter();
  const input: InputMessage = { name: "", datatype: "", shape: [], parameters: [], contents: [] };
  while (reader.more) {
    const next = reader.tag();
    switch (next) {
      case tag(1, LENGTH):
        input.name = reader.text();
        break;
      case tag(2, LENGTH):
        input.datatype = reader.text();
        break;
      case tag(3, LENGTH): {
        const shapeOuter = reader.enter();
        while (reader.more) dimension(input.shape, reader.int64());
        reader.leave(shapeOuter);
        break;
      }
      case tag(3, VARINT):
        dimension(input.shape, reader.int64());
        break;
      case tag(4, LENGTH):
        push(input.parameters, reader.view(), "parameters");
        break;
      case tag(5, LENGTH):
        push(input.contents, reader.view(), "contents");
        break;
      default:
        reader.skip(next);
    }
  }
  reader.leave(outer);
  return input;
}

function readOutput(reader: WireReader): OutputMessage {
  const outer = reader.enter();
  const output: OutputMessage = { name: "", parameters: [] };
  while (reader.more) {
    const next = reader.tag();
    if (next === tag(1, LENGTH)) output.name = reader.text();
    else if (next === tag(2, LENGTH)) push(output.parameters, reader.view(), "parameters");
    else reader.skip(next);
  }
  reader.leave(outer);
  return output;
}

function dimension(shape: number[], size: number): void {
  if (shape.length < MOST_DIMENSIONS) shape.push(size);
}

function push<Entry>(list: Entry[], entry: Entry, field: string): void {
  if (list.length >= MOST_ENTRIES) {
    throw new ServerError("InvalidArgument", `\`${field}\` has more than ${MOST_ENTRIES} entries.`);
  }
  list.push(entry);
}
