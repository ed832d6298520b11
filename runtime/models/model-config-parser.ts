import type { ModelConfig } from "./model-config-types";
import { checkTogether } from "./model-config-checks";
import { modelConfigSchema } from "./model-config-schema";
import { sentenceOf, unfolded } from "./model-config-sentence";

/**
 * Checks the content of a `model.json`.
 * @param file what sentences call it
 * @throws one sentence that names the field, its value and the rule
 */
export function parseModelConfig(value: unknown, file = "model.json"): ModelConfig {
  const { data, error } = modelConfigSchema.safeParse(withoutSchemaReference(value), { reportInput: true });
  if (error) throw new Error(sentenceOf(unfolded(error.issues[0]!), file), { cause: error });
  checkTogether(data, file);
  return data;
}

/** `$schema` tells editors which schema to check against; it says nothing to the server. */
function withoutSchemaReference(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, "$schema")) return value;
  const { $schema, ...fields } = value as Record<string, unknown>;
  return typeof $schema === "string" ? fields : value;
}
