/** What the batcher has to know of a request. */
export interface BatchItem {
  /** Rows of the batch dimension that the request brings along, >= 1. */
  readonly rows: number;
  /** Requests may share a run only where their keys are equal. */
  readonly key: string;
  /** Whether it never has company, so that it need not wait for any; its key is its own. */
  readonly alone: boolean;
  /** Index of its level of priority; 0 is served first. */
  readonly level: number;
  /** Whom it is accounted to when clients compete. */
  readonly client: string;
  /** From when on it must not run any more, on the batcher's clock; Infinity for never. */
  readonly deadline: number;
  /** Set when the caller has gone: the item is dropped instead of run. */
  readonly cancelled: boolean;
  /** When it was enqueued, on the batcher's clock; set by the batcher. */
  enqueuedAt: number;
  /** Whether it has been in a run that gave it no answer; the queue's timeout is over for it then. Set by the queue. */
  hasRun: boolean;
  /** Place in the queue, lowest first: the rows of its client that go before it. Set by the queue. */
  tag: number;
  /** Order of arrival, which decides between equal tags. Set by the queue. */
  order: number;
  /** Set by the queue. */
  account: Account | undefined;
}

/** One client's share of a level of priority, while it has items there. */
export interface Account {
  readonly client: string;
  /** Tag that its next item gets at least. */
  next: number;
  /** Items that wait. */
  waiting: number;
}

/** Why an item leaves the queue without having run: its caller has gone, its time is over, others need its place. */
export type DropReason = "cancelled" | "expired" | "evicted";
