import { shown } from "../dataplane/shown";
import { invalid } from "../errors";
import { LARGEST_NUMBER, LONGEST_CLASS, type Prediction } from "./prediction";
import type { GradedTask } from "./graded-task";

/** What was right for each sample: the name of a class, or a number; undefined where it is not known. */
export type Truth = readonly (string | number | undefined)[];

/** Values that the truth about one answer, or a `prediction`, may have. */
export const MOST_VALUES = 100_000;

/**
 * Reads the `truth` of one answer: one value, or a list (nested or flat) with one for each sample, null for those not known.
 * @param where names it, as in `feedback[3].truth`
 * @throws 400 naming what is wrong with it
 */
export function readTruth(task: GradedTask, value: unknown, where: string, prediction?: Prediction): Truth {
  const values = Array.isArray(value) ? (value.flat(8) as unknown[]) : [value];
  if (value === undefined || value === null || values.length === 0)
    throw invalid(`\`${where}\` is missing; it must be what was right, or a list with one for each sample.`);
  if (prediction !== undefined && values.length !== prediction.count) {
    const unit = task.task === "regression" ? "number" : "sample";
    throw invalid(
      `\`${where}\` has the length ${values.length}, but must have ${prediction.count}: one value for each ${unit} of the answer.`,
    );
  }
  if (values.length > MOST_VALUES)
    throw invalid(`\`${where}\` has ${values.length} values; at most ${MOST_VALUES} are taken.`);
  const truth = values.map((each, i) => {
    const place = Array.isArray(value) ? `${where}[${i}]` : where;
    return each === null ? undefined : readOne(task, each, place, prediction);
  });
  if (truth.every((each) => each === undefined))
    throw invalid(`\`${where}\` is null for every sample; leave out what is not known.`);
  return truth;
}

function readOne(task: GradedTask, value: unknown, where: string, prediction?: Prediction): string | number {
  if (task.task === "regression") {
    if (typeof value === "number" && Math.abs(value) <= LARGEST_NUMBER) return value;
    throw invalid(
      `\`${where}\` is ${shown(value)}, but truth of a regression must be a number from ${-LARGEST_NUMBER} to ${LARGEST_NUMBER}.`,
    );
  }
  return task.task === "binary" ? readBinary(task, value, where) : readClass(task, value, where, prediction);
}

/** True and false mean yes and no; 0 and 1 are indexes, as names are of `classes`. */
function readBinary(task: GradedTask, value: unknown, where: string): string {
  if (typeof value === "boolean") return value ? task.positive : task.negative;
  if (value === 0 || value === 1) return value === task.positiveIndex ? task.positive : task.negative;
  if (task.classes?.includes(value as string)) return value as string;
  const names = task.classes ? `, ${task.classes.map((name) => JSON.stringify(name)).join(" or ")}` : "";
  throw invalid(`\`${where}\` is ${shown(value)}, but must be true, false, 0 or 1${names}.`);
}

function readClass({ classes }: GradedTask, value: unknown, where: string, prediction?: Prediction): string {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) {
    if (classes === undefined) {
      if (prediction?.named) throw needsClasses(where, `is the index ${value}, but the model gives names`);
      return String(value);
    }
    if (value < classes.length) return classes[value]!;
    throw invalid(
      `\`${where}\` is ${value}, but the last of the ${classes.length} classes is ${classes.length - 1}.`,
    );
  }
  if (typeof value !== "string")
    throw invalid(`\`${where}\` is ${shown(value)}, but must be the name or the index of a class.`);
  if (classes !== undefined) {
    if (classes.includes(value)) return value;
    throw invalid(
      `\`${where}\` is ${shown(value)}, which is none of the ${classes.length} classes of \`model.json\`.`,
    );
  }
  if (prediction?.named === false)
    throw needsClasses(where, `is the name ${shown(value)}, but the model gives indexes`);
  if (value.length === 0 || value.length > LONGEST_CLASS)
    throw invalid(`\`${where}\` has ${value.length} characters; a class has 1 to ${LONGEST_CLASS}.`);
  return value;
}

const needsClasses = (where: string, what: string) =>
  invalid(`\`${where}\` ${what}; list \`classes\` in \`feedback\` of \`model.json\` to tell which is which.`);
