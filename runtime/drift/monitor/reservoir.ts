/**
 * A sample of at most `size` of the rows that come between two calls of `take`, in which every row has the same chance to be, however
 * many come: Li's algorithm L (Reservoir-Sampling Algorithms of Time Complexity O(n(1 + log(N/n))), ACM TOMS 1994). It draws how many
 * rows to pass over instead of a number for each, so that a row that is passed over costs an addition.
 */
export class Reservoir<Row> {
  private rows: Row[] = [];
  /** Rows that came. */
  private seen = 0;
  /** Index of the next row that goes in, counted from 0. */
  private next = 0;
  private weight = 1;

  /** @param random numbers from 0 to below 1 */
  constructor(
    private readonly size: number,
    private readonly random: () => number = Math.random,
  ) {}

  /**
   * So many rows have come together.
   * @returns whether any of them goes in: `indexAmong` then says which
   */
  offer(count: number): boolean {
    this.seen += count;
    return this.next < this.seen;
  }

  /** After `offer(count)`: the index among these rows of the one to `put`, or -1 where none is left. */
  indexAmong(count: number): number {
    return this.next < this.seen ? this.next - (this.seen - count) : -1;
  }

  /** Puts that row in. @returns the one that leaves for it */
  put(row: Row): Row | undefined {
    const { rows, size } = this;
    let left: Row | undefined;
    if (rows.length < size) {
      rows.push(row);
      if (rows.length < size) {
        this.next++;
        return undefined;
      }
    } else {
      const place = Math.floor(this.random() * size);
      left = rows[place];
      rows[place] = row;
    }
    this.weight *= Math.exp(Math.log(this.positive()) / size);
    this.next += Math.floor(Math.log(this.positive()) / Math.log1p(-this.weight)) + 1;
    return left;
  }

  /** The sample; the next one begins. */
  take(): readonly Row[] {
    const { rows } = this;
    if (this.seen === 0) return rows;
    this.rows = [];
    this.seen = 0;
    this.next = 0;
    this.weight = 1;
    return rows;
  }

  get isEmpty(): boolean {
    return this.seen === 0;
  }

  /** Above 0, whose logarithm there is none of. */
  private positive(): number {
    return 1 - this.random();
  }
}
