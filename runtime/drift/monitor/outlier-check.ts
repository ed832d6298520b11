import type { Tensor } from "../../dataplane/tensor";
import type { FeatureBaseline, NumericBaseline } from "../baseline";
import { numbersOf, type TensorLayout } from "../features";
import { RandomProjection } from "../projection";
import { named } from "./row-reader";

/** Whether a request has a value that the training data has nothing like. */
export type OutlierCheck = (inputs: readonly Tensor[]) => boolean;

/** What a feature's values are like. */
interface Likeness {
  /** Numbers from here to there are fine without a closer look. */
  readonly least: number;
  readonly most: number;
  /** Of any other value. */
  isUnlike(value: number | string): boolean;
}

/** Of a feature that the baseline lacks. */
const ANYTHING: Likeness = { least: -Infinity, most: Infinity, isUnlike: () => false };

/**
 * Looks at every value of the inputs that the baseline has: a number is an outlier where it lies further outside the baseline's
 * least and largest one than the margin, a text where the baseline lists every text that there was and it is not among them,
 * and what is missing where nothing was.
 * @param layouts of inputs, in the model's order
 * @param margin in interquartile ranges, as Tukey's fences have it, "Exploratory Data Analysis", 1977
 */
export function outlierCheck(
  layouts: readonly TensorLayout[],
  features: Readonly<Record<string, FeatureBaseline>>,
  margin: number,
): OutlierCheck {
  const checks = layouts.flatMap((layout, place) => {
    const likeness = layout.features.map((name) => {
      const feature = Object.hasOwn(features, name) ? features[name] : undefined;
      return feature ? likenessOf(feature, margin) : ANYTHING;
    });
    return likeness.every((each) => each === ANYTHING) ? [] : [tensorCheck(layout, place, likeness)];
  });
  return (inputs) => {
    for (const check of checks) if (check(inputs)) return true;
    return false;
  };
}

function tensorCheck(
  { tensor: key, datatype, projection }: TensorLayout,
  place: number,
  likeness: readonly Likeness[],
): OutlierCheck {
  const name = key.slice(key.indexOf(":") + 1);
  const width = likeness.length;
  const directions = projection && new RandomProjection(projection);
  const places = new Float64Array(width);
  const least = Float64Array.from(likeness, (each) => each.least);
  const most = Float64Array.from(likeness, (each) => each.most);
  const anyNumber = (numbers: ArrayLike<number>) => {
    for (let i = 0, column = 0; i < numbers.length; i++) {
      const value = numbers[i]!;
      const fine = value >= least[column]! && value <= most[column]!;
      if (!fine && likeness[column]!.isUnlike(value)) return true;
      if (++column === width) column = 0;
    }
    return false;
  };
  return (inputs) => {
    const tensor = named(inputs, name, place);
    if (tensor === undefined || tensor.datatype !== datatype) return false;
    const { data } = tensor;
    if (Array.isArray(data)) return data.some((text, i) => likeness[i % width]!.isUnlike(text));
    const numbers = numbersOf(datatype, data);
    if (directions === undefined) return anyNumber(numbers);
    const { dimensions } = directions;
    for (let offset = 0; offset + dimensions <= numbers.length; offset += dimensions) {
      directions.project(numbers, offset, places);
      if (anyNumber(places)) return true;
    }
    return false;
  };
}

function likenessOf(feature: FeatureBaseline, margin: number): Likeness {
  const neverMissing = feature.missing === 0;
  if (feature.kind === "numeric") {
    const reach = margin * spreadOf(feature);
    return {
      least: feature.min - reach,
      most: feature.max + reach,
      // An infinity is missing, like NaN, and not merely far away.
      isUnlike: (value) => Number.isFinite(value) || neverMissing,
    };
  }
  const known = new Set(Object.keys(feature.values));
  const complete = feature.other === 0;
  return {
    least: NaN,
    most: NaN,
    isUnlike(value) {
      const text = String(value);
      return text === "" ? neverMissing && !known.has("") : complete && !known.has(text);
    },
  };
}

/** The interquartile range, read off the histogram; where half of the values are the same, the standard deviation. */
function spreadOf(feature: NumericBaseline): number {
  const range = quantile(feature, 0.75) - quantile(feature, 0.25);
  return range > 0 ? range : feature.standardDeviation;
}

/** Linear within bins, of which the outer ones end at the least and the largest value. */
function quantile({ edges, counts, count, min, max }: NumericBaseline, share: number): number {
  const wanted = share * count;
  let below = 0;
  for (let i = 0; i < counts.length; i++) {
    const within = counts[i]!;
    if (within > 0 && below + within >= wanted) {
      const low = Math.max(min, edges[i - 1] ?? min);
      const high = Math.min(max, edges[i] ?? max);
      return low + ((wanted - below) / within) * (high - low);
    }
    below += within;
  }
  return max;
}
