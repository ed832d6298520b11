import type { ModelSpec } from "../dataplane/model-spec";
import type { FeedbackConfig } from "../models/model-config-types";
import { MOST_SEGMENTS } from "./feedback-defaults";

/** What the fields of `feedback` must be to each other. @throws one sentence that names them */
export function checkFeedback(file: string, feedback: FeedbackConfig): void {
  const { task, classes, positiveClass, segments = {} } = feedback;
  const wrong = (what: string) => new Error(`\`feedback${what}`);
  for (const field of ["positiveClass", "threshold"] as const) {
    if (feedback[field] !== undefined && task !== "binary")
      throw wrong(`.${field}\` in \`${file}\` goes with \`task\` binary only, and this is ${task}.`);
  }
  if (classes !== undefined) {
    if (task === "regression")
      throw wrong(`.classes\` in \`${file}\` does not go with \`task\` regression, which has numbers.`);
    if (task === "binary" && classes.length !== 2)
      throw wrong(
        `.classes\` in \`${file}\` has ${classes.length} names, but \`task\` binary has 2 classes.`,
      );
    const twice = classes.find((name, i) => classes.indexOf(name) !== i);
    if (twice !== undefined) throw wrong(`.classes\` in \`${file}\` holds ${JSON.stringify(twice)} twice.`);
  }
  if (positiveClass !== undefined && !classes?.includes(positiveClass))
    throw wrong(
      `.positiveClass\` (${JSON.stringify(positiveClass)}) in \`${file}\` must be one of \`feedback.classes\`${classes ? ` (${classes.join(", ")})` : ", which is missing"}.`,
    );
  const count = Object.keys(segments).length;
  if (count > MOST_SEGMENTS)
    throw wrong(`.segments\` in \`${file}\` has ${count} segments; at most ${MOST_SEGMENTS} are taken.`);
}

/** Whether the output that is graded suits what it is graded as. @throws one sentence that names both */
export function checkFeedbackOutput(
  model: string,
  spec: ModelSpec,
  feedback: FeedbackConfig | undefined,
): void {
  if (feedback === undefined) return;
  const output = spec.outputs.find(({ name }) => name === feedback.output);
  if (output === undefined) {
    const known = spec.outputs.map(({ name }) => `\`${name}\``).join(", ");
    throw new Error(
      `\`feedback.output\` in \`model.json\` names the output \`${feedback.output}\`, but model \`${model}\` gives ${known}.`,
    );
  }
  if (output.datatype !== "BYTES") return;
  if (feedback.task === "regression")
    throw new Error(
      `\`feedback.task\` in \`model.json\` is regression, but the output \`${output.name}\` of model \`${model}\` is BYTES: it must hold numbers.`,
    );
  if (feedback.classes === undefined && feedback.task === "binary")
    throw new Error(
      `\`feedback\` in \`model.json\` must list its two \`classes\`: the output \`${output.name}\` of model \`${model}\` is BYTES, and holds names.`,
    );
}
