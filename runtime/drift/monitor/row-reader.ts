import type { TensorData } from "../../dataplane/datatypes";
import type { Tensor } from "../../dataplane/tensor";
import { numbersOf, type TensorLayout, type TensorSide } from "../features";
import { RandomProjection } from "../projection";
import type { FeatureSummary } from "../summary";

/**
 * Values of one feature that one row may bring, where a free dimension repeats it (tokens of a text, steps of a series): a
 * long row would otherwise cost, and count, as much as thousands of short ones.
 */
export const MOST_REPETITIONS = 16;

/** Time of adding a value to a summary, in that of a multiplication and an addition. */
const COST_OF_VALUE = 10;

/** What one row holds of a tensor; the tensor's own data is about to move to a worker. */
export type RowValues = ArrayLike<number> | readonly string[];

/** Reads rows of one tensor that has features in the baseline. */
export class RowReader {
  readonly name: string;
  /** What a row costs, in multiplications and additions. */
  readonly cost: number;
  private readonly projection: RandomProjection | undefined;
  private readonly places: Float64Array;

  constructor(
    private readonly layout: TensorLayout,
    /** Where the tensor mostly is among those of its side. */
    private readonly place: number,
    /** Index of each of the layout's features among those that are followed, or -1. */
    private readonly followed: readonly number[],
    repeats: boolean,
    private readonly random: () => number,
  ) {
    this.name = layout.tensor.slice(layout.tensor.indexOf(":") + 1);
    const { projection, features, width } = layout;
    this.projection = projection && new RandomProjection(projection);
    this.places = new Float64Array(projection?.count ?? 0);
    const values = features.length * COST_OF_VALUE;
    this.cost = (repeats ? MOST_REPETITIONS : 1) * (projection ? projection.count * width + values : values);
  }

  /**
   * @param index of the row among `count`; a tensor whose first dimension is another one belongs to each of them
   * @returns undefined where the tensor is not there or not as the model declares it: its request will be refused
   */
  read(tensors: readonly Tensor[], index: number, count: number): RowValues | undefined {
    const { datatype, width } = this.layout;
    const tensor = named(tensors, this.name, this.place);
    if (tensor === undefined || tensor.datatype !== datatype) return undefined;
    const { data } = tensor;
    const length = tensor.shape[0] === count ? data.length / count : data.length;
    if (length === 0 || length % width !== 0) return undefined;
    const from = tensor.shape[0] === count ? index * length : 0;
    const values = this.excerpt(data, from, length);
    return this.projection === undefined ? values : this.projected(values);
  }

  /** Adds what `read` gave. */
  fold(values: RowValues, summaries: readonly FeatureSummary[]): void {
    const { followed } = this;
    const stride = followed.length;
    for (let i = 0; i < stride; i++) {
      const at = followed[i]!;
      if (at < 0) continue;
      const summary = summaries[at]!;
      if (summary.kind === "categorical") summary.addAll(values, i, stride);
      else summary.addAll(values as ArrayLike<number>, i, stride);
    }
  }

  /** Copies a row, of a long one as many repetitions as count, evenly spread from a random one on. */
  private excerpt(data: TensorData, from: number, length: number): RowValues {
    const { datatype, width } = this.layout;
    const repetitions = length / width;
    if (repetitions <= MOST_REPETITIONS)
      return plain(datatype, data.slice(from, from + length) as TensorData);
    const parts: (number | string)[] = [];
    const start = this.random();
    for (let i = 0; i < MOST_REPETITIONS; i++) {
      const at = from + Math.floor(((i + start) * repetitions) / MOST_REPETITIONS) * width;
      const part = plain(datatype, data.slice(at, at + width) as TensorData);
      for (let j = 0; j < width; j++) parts.push(part[j]!);
    }
    return parts as number[] | string[];
  }

  private projected(values: RowValues): Float64Array {
    const { places } = this;
    const { dimensions, count } = this.projection!;
    const all = new Float64Array((values.length / dimensions) * count);
    for (let offset = 0, at = 0; offset < values.length; offset += dimensions, at += count) {
      this.projection!.project(values as ArrayLike<number>, offset, places);
      all.set(places, at);
    }
    return all;
  }
}

/** Mostly tensors come in the model's own order. */
export function named(tensors: readonly Tensor[], name: string, place: number): Tensor | undefined {
  const tensor = tensors[place];
  return tensor?.name === name ? tensor : tensors.find((other) => other.name === name);
}

/** The side of the model that a layout is of. */
export function sideOf({ tensor }: TensorLayout): TensorSide {
  return tensor.startsWith("input:") ? "input" : "output";
}

function plain(datatype: TensorLayout["datatype"], data: TensorData): RowValues {
  return Array.isArray(data) ? data : numbersOf(datatype, data);
}
