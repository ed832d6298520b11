import type { Datatype } from "../dataplane/datatypes";
import type { Tensor } from "../dataplane/tensor";

/** What the answer to an inference says beside its tensors. */
export interface AnsweredBy {
  readonly name: string;
  readonly version: string;
}

/** What stands before an output's values, and what that depends on. */
interface OutputHead {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  readonly size: number | undefined;
  readonly bytes: Uint8Array;
}

const heads = new WeakMap<AnsweredBy, AnswerHeads>();

export function headsOf(model: AnsweredBy): AnswerHeads {
  let found = heads.get(model);
  if (found === undefined) heads.set(model, (found = new AnswerHeads(model)));
  return found;
}

/** JSON of a model version's answers as bytes. One differs from the one before by its values, and else mostly by nothing. */
export class AnswerHeads {
  /** The first bytes of each. */
  readonly prefix: Uint8Array;
  private readonly outputs: OutputHead[] = [];

  constructor({ name, version }: AnsweredBy) {
    this.prefix = Buffer.from(
      `{"model_name":${JSON.stringify(name)},"model_version":${JSON.stringify(version)},`,
    );
  }

  /**
   * What stands before the values of an output, with the comma or bracket before it.
   * @param size bytes of its values behind the JSON; undefined where they are in it
   */
  output(at: number, { name, datatype, shape }: Tensor, size: number | undefined): Uint8Array {
    const last = this.outputs[at];
    if (last !== undefined && last.size === size && last.name === name && last.datatype === datatype)
      if (isSame(last.shape, shape)) return last.bytes;
    const values = size === undefined ? `"data":[` : `"parameters":{"binary_data_size":${size}}}`;
    const bytes = Buffer.from(
      `${at === 0 ? '"outputs":[' : ","}{"name":${JSON.stringify(name)},"datatype":"${datatype}","shape":[${shape.join(",")}],${values}`,
    );
    this.outputs[at] = { name, datatype, shape: [...shape], size, bytes };
    return bytes;
  }
}

function isSame(one: readonly number[], other: readonly number[]): boolean {
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}
