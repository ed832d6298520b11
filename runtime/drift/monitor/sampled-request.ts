import type { Tensor } from "../../dataplane/tensor";
import type { RowValues } from "./row-reader";

/** What becomes of the rows of a request. */
export interface RowFate {
  /** The request was answered; called before its client is, and must put off its work. */
  answered(request: SampledRequest, outputs: readonly Tensor[]): void;
}

/** A row that was drawn. It counts when its second is over, if it is in the sample still and its request was answered. */
export class SampledRow {
  /** By reader of outputs. */
  outputs: readonly (RowValues | undefined)[] | undefined;
  /** Its second is over, and it was in the sample to the end. */
  kept = false;
  /** Another row took its place. */
  replaced = false;

  constructor(
    /** Among the rows of its request. */
    readonly index: number,
    /** By reader of inputs. */
    readonly inputs: readonly (RowValues | undefined)[],
  ) {}
}

/** A request with rows in the sample. */
export class SampledRequest {
  readonly rows: SampledRow[] = [];

  constructor(
    /** Rows of the request. */
    readonly count: number,
    private readonly fate: RowFate,
  ) {}

  /** Waits for the request's answer; rows of one that fails do not count. */
  follow(answer: Promise<readonly Tensor[]>): void {
    answer.then(
      (outputs) => this.fate.answered(this, outputs),
      () => undefined,
    );
  }
}
