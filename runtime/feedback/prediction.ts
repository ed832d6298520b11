import { float16Value } from "../dataplane/float16";
import type { Tensor } from "../dataplane/tensor";
import {
  className,
  numbersOf,
  predictedClass,
  samplesOf,
  type Output,
  type Sample,
} from "../quality/answers";
import { Unmeasurable } from "../quality/unmeasurable";
import type { GradedTask } from "./graded-task";

/** What is kept of an answer: of each of its samples no more than metrics need. */
export interface Prediction {
  /** Samples, which truth must have as many of; of `regression` numbers. */
  readonly count: number;
  /** The class that each sample was put into; undefined for `regression`. */
  readonly classes?: readonly string[];
  /** Whether `classes` are names that the model gave itself, rather than indexes. */
  readonly named?: boolean;
  /**
   * Of `binary` the score for yes, of `classification` the probability of the class, of `regression` the numbers. Undefined where the
   * model gave classes alone, or scores that are no probabilities.
   */
  readonly scores?: readonly number[];
}

/** Characters of a class's name. */
export const LONGEST_CLASS = 128;
/** What is summed up squared must not overflow. */
export const LARGEST_NUMBER = 1e100;
/** Probabilities of all classes add up to 1, but for what the model's precision leaves. */
const SUM_TOLERANCE = 0.01;

/**
 * Reduces the output that is graded; its first dimension is samples.
 * @throws Unmeasurable where it is not what the task says
 */
export function predictionOf(task: GradedTask, output: Output, samples: number): Prediction {
  const where = "the answer";
  if (task.task === "regression") {
    const numbers = numbersOf(output.data, where);
    if (numbers.length === 0) throw new Unmeasurable(`${where} has no numbers`);
    const odd = numbers.find((number) => !(Math.abs(number) <= LARGEST_NUMBER));
    if (odd !== undefined)
      throw new Unmeasurable(
        `${where} holds ${odd}, which is no number from ${-LARGEST_NUMBER} to ${LARGEST_NUMBER}`,
      );
    return { count: numbers.length, scores: numbers };
  }
  const each = samplesOf(output, samples, where);
  const named = typeof output.data[0] === "string";
  const read = each.map((sample) =>
    task.task === "binary" ? binaryOf(task, sample, where) : classOf(task, sample, where),
  );
  const classes = read.map(([name]) => name);
  const long = classes.find((name) => name.length > LONGEST_CLASS);
  if (long !== undefined)
    throw new Unmeasurable(`${where} has a text of ${long.length} characters, which is no name of a class`);
  const scores = read.map(([, score]) => score);
  const all = scores.every((score) => score !== undefined);
  return { count: each.length, classes, named, ...(all && { scores: scores as number[] }) };
}

function classOf(task: GradedTask, sample: Sample, where: string): [string, number | undefined] {
  const name = predictedClass(sample, task.classes, where);
  const { elements } = sample;
  if (elements.length < 2) return [name, undefined];
  const scores = numbersOf(elements, where);
  const sum = scores.reduce((total, score) => total + score, 0);
  const probable = scores.every((score) => score >= 0) && Math.abs(sum - 1) <= SUM_TOLERANCE;
  return [
    name,
    probable
      ? Math.min(
          1,
          scores.reduce((most, score) => Math.max(most, score)),
        )
      : undefined,
  ];
}

function binaryOf(
  task: GradedTask,
  { datatype, elements }: Sample,
  where: string,
): [string, number | undefined] {
  const [first] = elements;
  if (elements.length > 2)
    throw new Unmeasurable(`${where} has ${elements.length} numbers for one sample; binary has one or two`);
  if (typeof first === "string") {
    if (elements.length === 1 && (first === task.positive || first === task.negative))
      return [first, undefined];
    throw new Unmeasurable(
      `${where} holds ${JSON.stringify(first.slice(0, 40))}, which is neither ${task.positive} nor ${task.negative}`,
    );
  }
  const numbers = numbersOf(elements, where);
  if (numbers.length === 1 && !datatype.startsWith("FP")) {
    if (numbers[0] !== 0 && numbers[0] !== 1)
      throw new Unmeasurable(`${where} holds ${numbers[0]}, which is neither class 0 nor 1`);
    return [className(numbers[0], task.classes), undefined];
  }
  const score = numbers.length === 1 ? numbers[0]! : numbers[task.positiveIndex]!;
  if (Number.isNaN(score)) throw new Unmeasurable(`${where} holds NaN`);
  return [score >= task.threshold ? task.positive : task.negative, score];
}

/** A tensor as numbers or texts. */
export function outputOf({ datatype, shape, data }: Tensor): Output {
  return { datatype, shape, data: Array.isArray(data) ? data : numbers(datatype, data) };
}

function numbers(datatype: Tensor["datatype"], data: Exclude<Tensor["data"], string[]>): number[] {
  if (datatype === "FP16") return Array.from(data as Uint16Array, float16Value);
  return Array.from(data as ArrayLike<number | bigint>, Number);
}
