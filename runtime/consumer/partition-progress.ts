/**
 * Which messages of a partition are done. A commit says "everything before this offset": it may only pass over messages
 * that are done, in whatever order they were.
 */
export class PartitionProgress {
  /** Offsets that were started and are not yet below the commit, in order. */
  private readonly open: { readonly offset: bigint; done: boolean }[] = [];
  private highest = -1n;
  private next: bigint | undefined;
  private committed: bigint | undefined;

  /** Whether the message is to be handled: not where it was handed over before, as a rebalance makes happen. */
  start(offset: bigint): boolean {
    if (offset <= this.highest) return false;
    this.highest = offset;
    this.open.push({ offset, done: false });
    return true;
  }

  finish(offset: bigint): void {
    const entry = this.open.find((other) => other.offset === offset);
    if (entry) entry.done = true;
    // Offsets may have gaps (compaction, markers of transactions): the order in which they came is what counts.
    while (this.open[0]?.done) this.next = this.open.shift()!.offset + 1n;
  }

  /** The offset to commit, where it is further than what was committed. */
  committable(): bigint | undefined {
    return this.next !== this.committed ? this.next : undefined;
  }

  hasCommitted(offset: bigint): void {
    if (this.committed === undefined || offset > this.committed) this.committed = offset;
  }
}

/** The progress of the partitions that are assigned to this consumer. */
export class Progress {
  private partitions = new Map<string, PartitionProgress>();

  /**
   * Takes over a new assignment. The progress of partitions that are lost is forgotten: what is still in flight of them
   * belongs to another consumer, and is never committed here.
   * @returns whether there are partitions which were not assigned before
   */
  assign(names: Iterable<string>): boolean {
    const before = this.partitions;
    const wanted = [...names];
    this.partitions = new Map(wanted.map((name) => [name, before.get(name) ?? new PartitionProgress()]));
    return wanted.some((name) => !before.has(name));
  }

  /** Undefined where the partition is not assigned. */
  of(name: string): PartitionProgress | undefined {
    return this.partitions.get(name);
  }

  /** What is to be committed. */
  *committable(): Generator<{
    readonly name: string;
    readonly offset: bigint;
    readonly progress: PartitionProgress;
  }> {
    for (const [name, progress] of this.partitions) {
      const offset = progress.committable();
      if (offset !== undefined) yield { name, offset, progress };
    }
  }
}
