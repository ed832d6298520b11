/** What came of the requests, by kind. */
export class Tally {
  private readonly counts = new Map<string, { sent: number; good: number; pending: number }>();
  readonly failures: string[] = [];
  private failed = 0;

  /** Counts one request; whatever it throws is a failure. Never throws itself. */
  async watch(kind: string, work: () => Promise<void>): Promise<void> {
    const count = this.of(kind);
    count.sent++;
    count.pending++;
    try {
      await work();
      count.good++;
    } catch (error) {
      this.fail(`${kind}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      count.pending--;
    }
  }

  fail(what: string): void {
    this.failed++;
    // The first ones tell; a broken server gives thousands.
    if (this.failures.length < 20) this.failures.push(what);
  }

  get failureCount(): number {
    return this.failed;
  }

  get pending(): number {
    return [...this.counts.values()].reduce((sum, { pending }) => sum + pending, 0);
  }

  get sent(): number {
    return [...this.counts.values()].reduce((sum, { sent }) => sum + sent, 0);
  }

  /** One part per kind: how many were answered as they should. */
  toString(): string {
    return [...this.counts].map(([kind, { sent, good }]) => `${kind} ${good}/${sent}`).join(", ");
  }

  private of(kind: string) {
    let count = this.counts.get(kind);
    if (!count) this.counts.set(kind, (count = { sent: 0, good: 0, pending: 0 }));
    return count;
  }
}
