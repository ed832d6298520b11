import type { Datatype, TensorData } from "../dataplane/datatypes";
import { float16Value } from "../dataplane/float16";
import type { Tensor } from "../dataplane/tensor";
import type { ByteWriter } from "../rest/print/byte-writer";
import { printElements } from "../rest/print/print-elements";

/** An answer as it waits to be sent; its tensors are the very ones that the client got. */
export interface WaitingAnswer {
  readonly requestId: string;
  readonly model: string;
  readonly outputs: readonly Tensor[];
}

/** Elements that are written in one go, which takes a fraction of a millisecond. */
const STEP = 4096;

/**
 * Writes an answer as the line of JSON that the comparator takes, in steps: a large tensor would hold up requests if it were written
 * at once.
 */
export class AnswerLine {
  private output = 0;
  private element = 0;
  private begun = false;

  constructor(private readonly answer: WaitingAnswer) {}

  /** Writes some of it. @returns whether that was all */
  step(writer: ByteWriter): boolean {
    const { requestId, model, outputs } = this.answer;
    if (!this.begun) {
      this.begun = true;
      const head = `{"requestId":${JSON.stringify(requestId)},"model":${JSON.stringify(model)},"outputs":[`;
      writer.utf8(head);
    }
    let left = STEP;
    for (; this.output < outputs.length; this.output++) {
      if (left <= 0) return false;
      const tensor = outputs[this.output]!;
      if (this.element === 0) beginTensor(tensor, this.output, writer);
      const from = this.element;
      const to = Math.min(tensor.data.length, from + left);
      if (from > 0 && to > from) writer.ascii(",");
      writeElements(tensor.datatype, tensor.data, from, to, writer);
      left -= to - from;
      if (to < tensor.data.length) {
        this.element = to;
        return false;
      }
      this.element = 0;
      writer.ascii("]}");
    }
    writer.ascii("]}\n");
    return true;
  }
}

function beginTensor({ name, datatype, shape }: Tensor, at: number, writer: ByteWriter): void {
  const comma = at === 0 ? "" : ",";
  writer.utf8(
    `${comma}{"name":${JSON.stringify(name)},"datatype":"${datatype}","shape":[${shape.join(",")}],"data":[`,
  );
}

function writeElements(
  datatype: Datatype,
  data: TensorData,
  from: number,
  to: number,
  writer: ByteWriter,
): void {
  const print = (part: TensorData) => printElements({ name: "", datatype, shape: [], data: part }, writer);
  if (Array.isArray(data)) return print(data.slice(from, to));
  if (!hasSpecial(datatype, data, from, to)) return print(data.subarray(from, to));
  for (let i = from; i < to; i++) {
    if (i > from) writer.ascii(",");
    const text = specialText(datatype, data[i]!);
    if (text === undefined) print(data.subarray(i, i + 1));
    else writer.ascii(`"${text}"`);
  }
}

function hasSpecial(datatype: Datatype, data: Exclude<TensorData, string[]>, from: number, to: number) {
  if (!SPECIAL.has(datatype)) return false;
  for (let i = from; i < to; i++) if (specialText(datatype, data[i]!) !== undefined) return true;
  return false;
}

/** Types that have values which JSON has no numbers for. */
const SPECIAL: ReadonlySet<Datatype> = new Set(["FP16", "FP32", "FP64", "INT64", "UINT64"]);

/** What JSON has no number for: it goes as text. */
function specialText(datatype: Datatype, value: number | bigint): string | undefined {
  if (typeof value === "bigint") {
    return value > MOST_SAFE || value < -MOST_SAFE ? String(value) : undefined;
  }
  const number = datatype === "FP16" ? float16Value(value) : value;
  return Number.isFinite(number) ? undefined : String(number);
}

const MOST_SAFE = BigInt(Number.MAX_SAFE_INTEGER);
