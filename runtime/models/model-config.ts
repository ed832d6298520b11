import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ModelConfig } from "./model-config-types";

export type { ModelConfig } from "./model-config-types";

const NO_CONFIG: ModelConfig = { sha256: {} };

/** Checks a parsed `model.json`. @throws one sentence that names the field */
export function parseModelConfig(value: unknown, file?: string): ModelConfig {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- zod costs a server without any `model.json` nothing
  return (require("./model-config-parser") as typeof import("./model-config-parser")).parseModelConfig(
    value,
    file,
  );
}

/**
 * Reads a model's `model.json`, which may be missing.
 * @param override fields that take the place of the file's
 * @throws one sentence that names the field
 */
export async function readModelConfig(
  modelDir: string,
  override?: Readonly<Record<string, unknown>>,
): Promise<ModelConfig> {
  const value = await readJson(join(modelDir, "model.json"));
  if (override) {
    const base = typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
    const { sha256 = {} } = base as { readonly sha256?: unknown };
    return withPins(parseModelConfig({ ...base, ...override }), parseModelConfig({ sha256 }).sha256);
  }
  return value === undefined ? NO_CONFIG : parseModelConfig(value);
}

/** Whoever may load a model may not thereby lift the digests that its file pins. */
function withPins(config: ModelConfig, pins: ModelConfig["sha256"]): ModelConfig {
  return { ...config, sha256: { ...config.sha256, ...pins } };
}

/** The content of a JSON file; undefined where there is none. */
async function readJson(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error("`model.json` cannot be read.", { cause: error });
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error("`model.json` is not valid JSON.", { cause: error });
  }
}
