import type { TensorData } from "../../dataplane/datatypes";
import { seededUniform } from "../projection";
import type { InputColumns } from "./assign-columns";
import { emptyData } from "./cell-values";
import type { InputRows } from "./input-tensors";

const MOST_BYTES = 64 * 1024 * 1024;
const MOST_ROWS = 100_000;
/** A text and what holds it, by and large. */
const TEXT_BYTES = 64;
const FIRST_ROWS = 1024;

/**
 * A uniform sample of the rows, of at most 100,000 and 64 MiB, the same in every run: Vitter's algorithm R ("Random Sampling
 * with a Reservoir", 1985). The first rows come in their order; fewer than it takes are all there.
 */
export class RowSample {
  /** Rows that were offered. */
  seen = 0;
  readonly capacity: number;
  private readonly random = seededUniform(1);
  private room = 0;
  private data: TensorData[];

  constructor(
    private readonly inputs: readonly InputColumns[],
    most: number = MOST_ROWS,
  ) {
    const data = inputs.map(({ datatype }) => emptyData(datatype, 0));
    const rowBytes = inputs.reduce((sum, { width }, i) => {
      const own = data[i]!;
      return sum + width * (Array.isArray(own) ? TEXT_BYTES : own.BYTES_PER_ELEMENT);
    }, 0);
    this.capacity = Math.max(1, Math.min(most, Math.floor(MOST_BYTES / Math.max(1, rowBytes))));
    this.data = data;
  }

  get isWhole(): boolean {
    return this.seen <= this.capacity;
  }

  /** What was kept. */
  rows(): InputRows {
    const rows = Math.min(this.seen, this.capacity);
    return { rows, data: this.data.map((each, i) => each.slice(0, rows * this.inputs[i]!.width)) };
  }

  offer({ rows, data }: InputRows): void {
    for (let row = 0; row < rows; row++) {
      const place = this.seen < this.capacity ? this.seen : Math.floor(this.random() * (this.seen + 1));
      this.seen++;
      if (place >= this.capacity) continue;
      if (place >= this.room) this.grow();
      this.inputs.forEach(({ width }, i) => copyRow(data[i]!, row, this.data[i]!, place, width));
    }
  }

  private grow(): void {
    this.room = Math.min(this.capacity, Math.max(FIRST_ROWS, 2 * this.room));
    this.data = this.data.map((old, i) => {
      const { datatype, width } = this.inputs[i]!;
      const larger = emptyData(datatype, this.room * width);
      if (Array.isArray(old)) old.forEach((text, at) => ((larger as string[])[at] = text));
      else (larger as Float64Array).set(old as Float64Array);
      return larger;
    });
  }
}

function copyRow(from: TensorData, row: number, to: TensorData, place: number, width: number): void {
  for (let i = 0; i < width; i++) {
    (to as (string | number)[])[place * width + i] = (from as (string | number)[])[row * width + i]!;
  }
}
