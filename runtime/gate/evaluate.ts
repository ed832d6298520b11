import {
  className,
  numbersOf,
  positiveScore,
  predictedClass,
  samplesOf,
  type Output,
  type Sample,
} from "../quality/answers";
import type { Dataset } from "./dataset";
import { classStability, kolmogorovSmirnov, populationStability } from "./distribution-metrics";
import { accuracy, macroF1, rmse, rocAuc } from "../quality/quality-metrics";
import { Unmeasurable } from "../quality/unmeasurable";

export const QUALITY_METRICS = ["accuracy", "f1", "rocAuc", "rmse"] as const;
export type QualityMetric = (typeof QUALITY_METRICS)[number];
export const DRIFT_METRICS = ["psi", "ks"] as const;
export type DriftMetric = (typeof DRIFT_METRICS)[number];
export type GateMetric = QualityMetric | DriftMetric;

/** Numbers of one sample that are compared position by position; of more, all are compared together. */
const MOST_POSITIONS = 1000;

export interface Evaluated {
  readonly value: number;
  /** What the value rests on. */
  readonly samples: number;
}

/** The metric of one slot's outputs, which are those of the dataset's rows in order. */
export function evaluateQuality(
  metric: QualityMetric,
  dataset: Dataset,
  outputs: readonly Output[],
  side: string,
): Evaluated {
  if (metric === "rmse") return evaluateRmse(dataset, outputs, side);
  const { rows, classes } = dataset;
  const right: string[] = [];
  const given: string[] = [];
  const isPositive: boolean[] = [];
  const scores: number[] = [];
  rows.forEach(({ labels }, i) => {
    const where = `the ${side}'s answer to row ${i + 1}`;
    samplesOf(outputs[i]!, labels.length, where).forEach((sample, j) => {
      const label = labels[j]!;
      if (metric === "rocAuc") {
        if (label !== 0 && label !== 1)
          throw new Unmeasurable(
            `the label ${JSON.stringify(label)} of row ${i + 1} must be 0 or 1 for rocAuc`,
          );
        isPositive.push(label === 1);
        scores.push(positiveScore(sample, where));
      } else {
        requireNames(label, sample, classes, i + 1);
        right.push(className(label, classes));
        given.push(predictedClass(sample, classes, where));
      }
    });
  });
  if (metric === "rocAuc") {
    const value = rocAuc(isPositive, scores);
    if (value === undefined)
      throw new Unmeasurable("rocAuc needs labels of both kinds, 0 and 1; the dataset has one");
    return { value, samples: scores.length };
  }
  return {
    value: metric === "accuracy" ? accuracy(right, given) : macroF1(right, given),
    samples: right.length,
  };
}

/** A name can be compared with an index only where the dataset says which is which. */
function requireNames(
  label: number | string,
  { elements }: Sample,
  classes: Dataset["classes"],
  row: number,
): void {
  if (typeof label !== "string" || typeof elements[0] === "string") return;
  if (classes === undefined)
    throw new Unmeasurable(
      `the label of row ${row} is the name "${label}", but the model gives numbers; the dataset must list its \`classes\``,
    );
  if (!classes.includes(label))
    throw new Unmeasurable(`the label "${label}" of row ${row} is none of the dataset's classes`);
}

function evaluateRmse({ rows }: Dataset, outputs: readonly Output[], side: string): Evaluated {
  const right: number[] = [];
  const given: number[] = [];
  rows.forEach(({ labels }, i) => {
    const where = `the ${side}'s answer to row ${i + 1}`;
    const numbers = numbersOf(outputs[i]!.data, where);
    if (numbers.length !== labels.length)
      throw new Unmeasurable(`${where} has ${numbers.length} numbers for ${labels.length} labels`);
    right.push(...numbersOf(labels, `the label of row ${i + 1}`));
    given.push(...numbers);
  });
  return { value: rmse(right, given), samples: right.length };
}

/** How far the candidate's outputs lie from the live slot's; of an output with several numbers, at its worst position. */
export function evaluateDrift(
  metric: DriftMetric,
  { rows }: Dataset,
  candidate: readonly Output[],
  live: readonly Output[],
): Evaluated {
  const all = (side: string, outputs: readonly Output[]) =>
    outputs.flatMap((output, i) =>
      samplesOf(output, rows[i]!.labels.length, `the ${side}'s answer to row ${i + 1}`),
    );
  const [reference, other] = [all("live slot", live), all("candidate", candidate)];
  if (typeof reference[0]!.elements[0] === "string") {
    if (metric === "ks")
      throw new Unmeasurable("ks compares numbers, but the output is text; psi takes classes");
    return { value: classStability(texts(reference), texts(other)), samples: other.length };
  }
  const columns = commonWidth(reference, other);
  const distance = metric === "ks" ? kolmogorovSmirnov : populationStability;
  const column = (samples: readonly Sample[], side: string, at: number | undefined) =>
    samples.flatMap(({ elements }) =>
      numbersOf(at === undefined ? elements : [elements[at]!], `the output of the ${side}`),
    );
  const positions = columns === undefined ? [undefined] : Array.from({ length: columns }, (_, at) => at);
  const distances = positions.map((at) =>
    // Whole numbers of few values are classes to psi, whose tenths would fall together.
    metric === "psi" && isWhole(reference[0]!)
      ? classStability(
          column(reference, "live slot", at).map(String),
          column(other, "candidate", at).map(String),
        )
      : distance(column(reference, "live slot", at), column(other, "candidate", at)),
  );
  return { value: distances.reduce((most, each) => Math.max(most, each)), samples: other.length };
}

const isWhole = ({ datatype }: Sample): boolean => /^(BOOL|U?INT\d+)$/.test(datatype);

const texts = (samples: readonly Sample[]): string[] =>
  samples.flatMap(({ elements }) => elements.map(String));

/** Numbers per sample, where all have equally many and these are not too many to look at one by one. */
function commonWidth(...groups: (readonly Sample[])[]): number | undefined {
  const width = groups[0]![0]!.elements.length;
  const same = groups.every((samples) => samples.every(({ elements }) => elements.length === width));
  return same && width <= MOST_POSITIONS ? width : undefined;
}
