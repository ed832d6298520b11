import type { Account, BatchItem } from "../batching/batch-item";
import type { InferRequest } from "../dataplane/infer-request";
import type { Tensor } from "../dataplane/tensor";
import type { BatchMember } from "./batch-tensors";
import { keyOfItsOwn, type RowsAndKey } from "./request-shapes";

/** A checked request, from its being taken until it is answered. */
export class PendingRun implements BatchItem, BatchMember {
  enqueuedAt = 0;
  tag = 0;
  order = 0;
  account: Account | undefined = undefined;
  hasRun = false;
  readonly rows: number;
  key: string;
  alone: boolean;

  constructor(
    readonly request: InferRequest,
    readonly inputs: readonly Tensor[],
    readonly fetch: readonly number[] | undefined,
    shape: RowsAndKey,
    readonly level: number,
    readonly deadline: number,
    readonly succeed: (outputs: Tensor[]) => void,
    readonly fail: (error: unknown) => void,
  ) {
    this.rows = shape.rows;
    this.key = shape.key;
    this.alone = shape.alone;
  }

  /** Makes it run by itself. */
  separate(): void {
    this.key = keyOfItsOwn();
    this.alone = true;
  }

  get client(): string {
    return this.request.client ?? "";
  }

  get cancelled(): boolean {
    return this.request.cancelled === true;
  }
}
