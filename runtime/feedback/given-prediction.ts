import { messageOf } from "../message-of";
import { shown } from "../dataplane/shown";
import { invalid } from "../errors";
import type { Output } from "../quality/answers";
import { MOST_VALUES } from "./truth";
import { predictionOf, type Prediction } from "./prediction";
import type { GradedTask } from "./graded-task";

/**
 * Reads a `prediction` that truth brings with it: the output as the V2 protocol's JSON has it, flat or nested. Whole numbers alone are
 * classes by index where the task is `classification`; a `binary` one is a score, or true or false.
 * @param samples that truth is about; of `regression` numbers
 * @throws 400 naming what is wrong with it
 */
export function readPrediction(task: GradedTask, value: unknown, samples: number, where: string): Prediction {
  const given = (Array.isArray(value) ? value.flat(8) : [value]) as unknown[];
  if (given.length > MOST_VALUES)
    throw invalid(`\`${where}\` has ${given.length} elements; at most ${MOST_VALUES} are taken.`);
  const isClass = task.task !== "regression" && given.length === samples;
  const data = given.map((element, i) => {
    if (task.task === "binary" && typeof element === "boolean")
      return element ? task.positive : task.negative;
    if (typeof element === "number" && Number.isFinite(element)) return element;
    if (typeof element === "string" && isClass) {
      if (task.classes === undefined || task.classes.includes(element)) return element;
      throw invalid(
        `\`${where}\` holds ${shown(element)}, which is none of the ${task.classes.length} classes of \`model.json\`.`,
      );
    }
    throw invalid(`\`${where}\` holds ${shown(element)} at ${i}, but must be what the model answered.`);
  });
  // What is one number per sample is a class to classification, and a score to the other two.
  const indexes =
    task.task === "classification" &&
    isClass &&
    data.every((each) => Number.isInteger(each) && Number(each) >= 0);
  const unknown =
    indexes && task.classes ? data.find((each) => Number(each) >= task.classes!.length) : undefined;
  if (unknown !== undefined)
    throw invalid(
      `\`${where}\` holds ${unknown}, but the last of the ${task.classes!.length} classes is ${task.classes!.length - 1}.`,
    );
  const output: Output = { datatype: indexes ? "INT64" : "FP64", shape: [samples], data };
  let prediction: Prediction;
  try {
    prediction = predictionOf(task, output, samples);
  } catch (error) {
    throw invalid(`\`${where}\` does not fit: ${messageOf(error)}.`);
  }
  if (prediction.count === samples) return prediction;
  throw invalid(
    `\`${where}\` has the length ${prediction.count}, but must have ${samples}: as many as \`truth\`.`,
  );
}
