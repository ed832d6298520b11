import type { Datatype } from "../../dataplane/datatypes";
import type { TensorLimits } from "../../dataplane/tensor";

/** What a request's JSON says of its first input before that one's values, where nothing else comes before. */
export interface Opening {
  /** Bytes up to the values. */
  readonly length: number;
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  /** Elements, the product of the shape. */
  readonly count: number;
}

interface KnownOpening extends Opening {
  readonly bytes: Buffer;
  readonly limits: TensorLimits;
}

/** A longer one is read anew each time, as is one that so many others have followed. */
const LONGEST = 256;
const MOST = 4;

/** Openings that were read: a client sends the same one with each row of a model, and comparing costs less than reading. */
export class KnownOpenings {
  private readonly known: KnownOpening[] = [];
  private oldest = 0;

  find(json: Buffer, limits: TensorLimits): Opening | undefined {
    for (const opening of this.known) {
      const { bytes } = opening;
      if (bytes.length > json.length || opening.limits !== limits) continue;
      if (bytes.compare(json, 0, bytes.length) === 0) return opening;
    }
    return undefined;
  }

  keep(json: Buffer, limits: TensorLimits, opening: Opening): void {
    if (opening.length > LONGEST) return;
    const bytes = Buffer.from(json.subarray(0, opening.length));
    this.known[this.oldest] = { ...opening, bytes, limits };
    this.oldest = (this.oldest + 1) % MOST;
  }
}
