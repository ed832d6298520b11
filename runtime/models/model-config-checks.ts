import { BASELINE_FILE } from "../drift/monitor/drift-config";
import { checkFeedback } from "../feedback/check-feedback";
import { DEFAULT_MAX_BATCH_SIZE, type InputRules, type ModelConfig } from "./model-config-types";

/** Fields that a pipeline, which has neither session nor queue of its own, could only ignore. */
const SESSION_FIELDS = ["instances", "batching", "execution", "queue", "cache"] as const;

/** What fields must be to each other. @throws one sentence that names them */
export function checkTogether(config: ModelConfig, file: string): void {
  const { batching, queue = {}, validation = {}, pipeline } = config;
  if (batching) {
    const most = batching.maxBatchSize ?? DEFAULT_MAX_BATCH_SIZE;
    const large = batching.preferredBatchSizes?.find((size) => size > most);
    if (large !== undefined) {
      throw mismatch(file, "batching.preferredBatchSizes", large, "batching.maxBatchSize", most);
    }
  }
  const { priorityLevels = 0, defaultPriorityLevel } = queue;
  if (defaultPriorityLevel !== undefined && defaultPriorityLevel > priorityLevels) {
    throw mismatch(
      file,
      "queue.defaultPriorityLevel",
      defaultPriorityLevel,
      "queue.priorityLevels",
      priorityLevels,
    );
  }
  for (const [input, rules] of Object.entries(validation)) checkRules(file, `validation.${input}`, rules);
  if (config.feedback) checkFeedback(file, config.feedback);
  if (pipeline) {
    for (const field of SESSION_FIELDS) {
      if (config[field] !== undefined) {
        throw new Error(
          `\`${field}\` in \`${file}\` does not go with \`pipeline\`; set it in the \`model.json\` of the pipeline's models.`,
        );
      }
    }
    const pinned = Object.keys(config.sha256).find((path) => !path.endsWith(`/${BASELINE_FILE}`));
    if (pinned !== undefined) {
      throw new Error(
        `\`sha256.${pinned}\` in \`${file}\` does not go with \`pipeline\`, which has no \`model.onnx\`.`,
      );
    }
  }
}

function checkRules(file: string, field: string, rules: InputRules): void {
  const { min, max, minLength, maxLength, minShape, maxShape } = rules;
  if (min !== undefined && max !== undefined && min > max) {
    throw mismatch(file, `${field}.min`, min, `${field}.max`, max);
  }
  if (minLength !== undefined && maxLength !== undefined && minLength > maxLength) {
    throw mismatch(file, `${field}.minLength`, minLength, `${field}.maxLength`, maxLength);
  }
  if (!minShape || !maxShape) return;
  if (minShape.length !== maxShape.length) {
    throw new Error(
      `\`${field}.minShape\` (${minShape.length} sizes) and \`${field}.maxShape\` (${maxShape.length}) in \`${file}\` must have as many sizes.`,
    );
  }
  minShape.forEach((least, i) => {
    const most = maxShape[i];
    if (least !== null && most !== null && most !== undefined && least > most) {
      throw mismatch(file, `${field}.minShape[${i}]`, least, `${field}.maxShape[${i}]`, most);
    }
  });
}

function mismatch(file: string, small: string, value: number, large: string, most: number): Error {
  return new Error(`\`${small}\` (${value}) in \`${file}\` must be <= \`${large}\` (${most}).`);
}
