import type { Dataset, Label } from "../gate/dataset";
import { Unmeasurable } from "./unmeasurable";

/** The judged output of one answer, flat. */
export interface Output {
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data: readonly (number | string)[];
}

/** The elements of the judged output that belong to one sample. */
export interface Sample {
  readonly datatype: string;
  readonly elements: readonly (number | string)[];
}

const FLOATS = new Set(["FP16", "FP32", "FP64", "BF16"]);
/** From where on a single score speaks for class 1. */
const HALF = 0.5;

/**
 * Cuts an output into its samples: as many as the row has labels, else as many as its first dimension says.
 * @param where names the answer, for what is wrong with it
 */
export function samplesOf({ datatype, shape, data }: Output, labels: number, where: string): Sample[] {
  const count = labels > 0 ? labels : (shape[0] ?? 1);
  if (count === 0 || data.length === 0 || data.length % count !== 0)
    throw new Unmeasurable(`${where} has ${data.length} elements for ${count} samples`);
  const width = data.length / count;
  return Array.from({ length: count }, (_, i) => ({
    datatype,
    elements: data.slice(i * width, (i + 1) * width),
  }));
}

/** The name of a class: what the dataset calls it, else its index. */
export function className(label: Label, classes: Dataset["classes"]): string {
  return typeof label === "number" ? (classes?.[label] ?? String(label)) : label;
}

/**
 * The class that a sample is put into: the text or whole number that the model gave, else the greatest of its scores (the first one of
 * equals), or for a single score from 0 to 1 whether it reaches 0.5.
 */
export function predictedClass(
  { datatype, elements }: Sample,
  classes: Dataset["classes"],
  where: string,
): string {
  const [first] = elements;
  if (typeof first === "string") {
    if (elements.length === 1) return first;
    throw new Unmeasurable(`${where} has ${elements.length} texts for one sample`);
  }
  if (elements.length > 1) {
    const scores = numbersOf(elements, where);
    return className(scores.indexOf(scores.reduce((most, score) => Math.max(most, score))), classes);
  }
  const [number] = numbersOf(elements, where);
  if (!FLOATS.has(datatype)) return className(number!, classes);
  if (number! >= 0 && number! <= 1) return className(number! >= HALF ? 1 : 0, classes);
  throw new Unmeasurable(
    `${where} has the single number ${number}, which is neither a class nor a score from 0 to 1`,
  );
}

/** How strongly a sample speaks for class 1: its single score, or the second of two. */
export function positiveScore({ elements }: Sample, where: string): number {
  const scores = numbersOf(elements, where);
  if (scores.length <= 2) return scores[scores.length - 1]!;
  throw new Unmeasurable(`${where} has ${scores.length} scores for one sample; rocAuc takes one or two`);
}

export function numbersOf(elements: readonly (number | string)[], where: string): number[] {
  return elements.map((element) => {
    if (typeof element === "number") return element;
    throw new Unmeasurable(`${where} holds ${JSON.stringify(element)}, which is no number`);
  });
}
