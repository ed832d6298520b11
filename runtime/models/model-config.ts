import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** Opt-in batching of one model. */
export interface BatchingConfig {
  /** Rows that one run may have; 1 turns batching off. */
  readonly maxBatchSize: number;
  /** Milliseconds that a request may wait for company while the model is busy anyway. @default 0 */
  readonly maxQueueDelayMs: number;
}

/** `model.json` beside a model's versions. */
export interface ModelConfig {
  /** SHA-256 of `model.onnx` in hex, by version; a version whose file differs is not loaded. */
  readonly sha256: Readonly<Record<string, string>>;
  /** Worker threads of each version. @default --instances */
  readonly instances?: number;
  readonly batching?: BatchingConfig;
}

const KEYS = ["sha256", "instances", "batching"];
const NO_CONFIG: ModelConfig = { sha256: {} };

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wholeNumber(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

/** Checks a parsed `model.json`; throws one sentence that names the field. */
export function parseModelConfig(value: unknown): ModelConfig {
  if (!isObject(value)) throw new Error("`model.json` must be a JSON object.");
  for (const key of Object.keys(value)) {
    if (!KEYS.includes(key)) {
      throw new Error(`\`model.json\` has the unknown field \`${key}\`; it takes ${KEYS.join(", ")}.`);
    }
  }
  const { sha256 = {}, instances, batching } = value;
  if (!isObject(sha256)) throw new Error("`sha256` in `model.json` must be an object of version to digest.");
  for (const [version, digest] of Object.entries(sha256)) {
    if (typeof digest !== "string" || !/^[0-9a-f]{64}$/.test(digest)) {
      throw new Error(`\`sha256.${version}\` in \`model.json\` must be 64 lower-case hex digits.`);
    }
  }
  if (instances !== undefined && !wholeNumber(instances, 1, 256)) {
    throw new Error(
      `\`instances\` (${String(instances)}) in \`model.json\` must be a whole number from 1 to 256.`,
    );
  }
  return {
    sha256: sha256 as Record<string, string>,
    instances: instances as number | undefined,
    batching: batching === undefined ? undefined : parseBatching(batching),
  };
}

function parseBatching(value: unknown): BatchingConfig {
  if (!isObject(value)) throw new Error("`batching` in `model.json` must be an object.");
  const { maxBatchSize, maxQueueDelayMs = 0, ...rest } = value;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) {
    throw new Error(
      `\`batching\` in \`model.json\` has the unknown field \`${unknown}\`; it takes maxBatchSize, maxQueueDelayMs.`,
    );
  }
  if (!wholeNumber(maxBatchSize, 1, 4096)) {
    throw new Error(
      `\`batching.maxBatchSize\` (${String(maxBatchSize)}) in \`model.json\` must be a whole number from 1 to 4096.`,
    );
  }
  if (typeof maxQueueDelayMs !== "number" || !(maxQueueDelayMs >= 0 && maxQueueDelayMs <= 10_000)) {
    throw new Error(
      `\`batching.maxQueueDelayMs\` (${String(maxQueueDelayMs)}) in \`model.json\` must be a number from 0 to 10000.`,
    );
  }
  return { maxBatchSize, maxQueueDelayMs };
}

/** Reads a model's `model.json`, which may be missing. */
export async function readModelConfig(modelDir: string): Promise<ModelConfig> {
  let text: string;
  try {
    text = await readFile(join(modelDir, "model.json"), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return NO_CONFIG;
    throw new Error("`model.json` cannot be read.", { cause: error });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error("`model.json` is not valid JSON.", { cause: error });
  }
  return parseModelConfig(value);
}
