import type { Datatype, TensorData } from "../dataplane/datatypes";
import { float16Value } from "../dataplane/float16";
import type { TensorSpec } from "../models/signature";
import type { Projection } from "./baseline";
import {
  DEFAULT_PROJECTION_SEED,
  DEFAULT_PROJECTIONS,
  MOST_SINGLE_ELEMENTS,
  RandomProjection,
} from "./projection";

export type TensorSide = "input" | "output";

/** How a tensor's values are told apart. */
export interface TensorLayout {
  /** `input:NAME` or `output:NAME`. */
  readonly tensor: string;
  readonly datatype: Datatype;
  /** Elements that belong together: the product of the dimensions after the last one that is free, the first being the batch's. */
  readonly width: number;
  /** In the order of the elements, or of the directions. */
  readonly features: readonly string[];
  /** Set where the elements are too many to be followed one by one. */
  readonly projection?: Projection;
}

/**
 * The features of a tensor whose first dimension is the batch's: `input:NAME` where a row holds one value, `input:NAME[i]` for
 * each of up to 64, `input:NAME~k` for the random projections of longer vectors. Dimensions of several sizes are counted
 * through as one; each repetition along a free dimension is a value, or vector, more. Texts cannot be projected: long rows
 * of them are one feature, `input:NAME`.
 * @param projection as the baseline has it; left out: 8 directions of seed 1
 */
export function tensorLayout(
  side: TensorSide,
  { name, datatype, shape }: TensorSpec<Datatype>,
  projection?: Partial<Projection>,
): TensorLayout {
  const tensor = `${side}:${name}`;
  const width = vectorWidth(shape);
  if (width === 1 || (datatype === "BYTES" && width > MOST_SINGLE_ELEMENTS)) {
    return { tensor, datatype, width: 1, features: [tensor] };
  }
  if (width <= MOST_SINGLE_ELEMENTS) {
    return { tensor, datatype, width, features: Array.from({ length: width }, (_, i) => `${tensor}[${i}]`) };
  }
  const { count = DEFAULT_PROJECTIONS, seed = DEFAULT_PROJECTION_SEED } = projection ?? {};
  const features = Array.from({ length: count }, (_, k) => `${tensor}~${k}`);
  return { tensor, datatype, width, features, projection: { dimensions: width, count, seed } };
}

/** Elements after the last free dimension; the first dimension is the batch's whatever it is. */
function vectorWidth(shape: readonly number[]): number {
  let width = 1;
  for (let i = shape.length - 1; i >= 1 && shape[i] !== -1; i--) width *= shape[i]!;
  return width;
}

/** Two tensors whose values would be summed up under one name, as those of `x` with two elements and of a scalar `x[0]`. */
export class SharedFeature extends Error {
  override readonly name = "SharedFeature";
  /** Of a command. */
  readonly exitCode = 1;
}

/**
 * Every feature that a model has.
 * @throws SharedFeature, in one sentence
 */
export function modelLayouts(
  spec: {
    readonly inputs: readonly TensorSpec<Datatype>[];
    readonly outputs: readonly TensorSpec<Datatype>[];
  },
  projections: Readonly<Record<string, Projection>> = {},
): TensorLayout[] {
  const of = (side: TensorSide) => (tensor: TensorSpec<Datatype>) =>
    tensorLayout(side, tensor, projections[`${side}:${tensor.name}`]);
  const layouts = [...spec.inputs.map(of("input")), ...spec.outputs.map(of("output"))];
  requireOwnFeatures(layouts);
  return layouts;
}

function requireOwnFeatures(layouts: readonly TensorLayout[]): void {
  const owners = new Map<string, string>();
  for (const { tensor, features } of layouts) {
    for (const feature of features) {
      const other = owners.get(feature);
      if (other !== undefined)
        throw new SharedFeature(
          `\`${other}\` and \`${tensor}\` of the model both have the feature \`${feature}\`, so that a baseline could not tell them apart; rename one of them in the model, or serve it without a baseline (\`"drift": false\` in \`model.json\`).`,
        );
      owners.set(feature, tensor);
    }
  }
}

/** Whether values of this datatype can only be counted one by one, never binned. */
export const isText = (datatype: Datatype): boolean => datatype === "BYTES";

/** Whether its values are whole numbers, so that few of them may be categories. */
export const isWhole = (datatype: Datatype): boolean => /^(BOOL|U?INT\d+)$/.test(datatype);

/** Numbers of a tensor: half precision from its bits, 64-bit integers to the nearest double. @throws TypeError for texts */
export function numbersOf(datatype: Datatype, data: TensorData): ArrayLike<number> {
  if (Array.isArray(data)) throw new TypeError("Texts are no numbers.");
  if (datatype === "FP16") return Float64Array.from(data as Uint16Array, float16Value);
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    const numbers = new Float64Array(data.length);
    for (let i = 0; i < data.length; i++) numbers[i] = Number(data[i]);
    return numbers;
  }
  return data;
}

/** Where the numbers of one feature go. */
export interface NumericSink {
  readonly kind: "numeric";
  add(value: number): void;
  addAll(values: ArrayLike<number>, offset: number, stride: number): void;
}

/** Where the values of one feature go that are counted one by one. */
export interface CategoricalSink {
  readonly kind: "categorical";
  addAll(values: ArrayLike<string | number>, offset: number, stride: number): void;
}

/** A `FeatureSummary` is one. */
export type FeatureSink = NumericSink | CategoricalSink;

/** Takes a tensor's data into summaries. */
export type TensorReader = (data: TensorData) => void;

/**
 * Reads a tensor's values into the summaries of its features; those without one are passed over.
 * @returns undefined where none of them has a summary
 */
export function createTensorReader(
  layout: TensorLayout,
  summaryOf: (feature: string) => FeatureSink | undefined,
): TensorReader | undefined {
  const { datatype, width, projection, features } = layout;
  const summaries = features.map(summaryOf);
  if (summaries.every((summary) => summary === undefined)) return undefined;
  if (projection !== undefined)
    return projectingReader(datatype, new RandomProjection(projection), summaries);
  return (data) => {
    const numbers = Array.isArray(data) ? undefined : numbersOf(datatype, data);
    for (let i = 0; i < width; i++) {
      const summary = summaries[i];
      if (summary === undefined) continue;
      if (summary.kind === "categorical") summary.addAll(Array.isArray(data) ? data : numbers!, i, width);
      else if (numbers !== undefined) summary.addAll(numbers, i, width);
    }
  };
}

function projectingReader(
  datatype: Datatype,
  projection: RandomProjection,
  summaries: readonly (FeatureSink | undefined)[],
): TensorReader {
  const places = new Float64Array(projection.count);
  return (data) => {
    const numbers = numbersOf(datatype, data);
    for (let offset = 0; offset + projection.dimensions <= numbers.length; offset += projection.dimensions) {
      projection.project(numbers, offset, places);
      summaries.forEach((summary, k) => {
        if (summary?.kind === "numeric") summary.add(places[k]!);
      });
    }
  };
}
