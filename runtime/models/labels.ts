import type { ModelConfig } from "./model-config-types";

/** Label to version. */
export type Labels = ReadonlyMap<string, string>;

export const NO_LABELS: Labels = new Map();

/**
 * The labels after a change of `model.json`. One whose new version cannot serve stays where it was, as long as that
 * version serves.
 */
export function movedLabels(
  wanted: ModelConfig["labels"],
  before: Labels,
  serves: (version: string) => boolean,
): Labels {
  const after = new Map<string, string>();
  for (const [label, version] of Object.entries(wanted ?? {})) {
    const previous = before.get(label);
    const stay = !serves(version) && previous !== undefined && serves(previous);
    after.set(label, stay ? previous : version);
  }
  return after;
}

/** `1, 2 and the labels stable (1), canary (2)`, for a request that asks for something else. */
export function listed(versions: readonly string[], labels: Labels): string {
  const named = [...labels].map(([label, version]) => `${label} (${version})`);
  const numbers = versions.join(", ");
  if (named.length === 0) return numbers;
  const plural = named.length === 1 ? "the label" : "the labels";
  return numbers === "" ? `${plural} ${named.join(", ")}` : `${numbers} and ${plural} ${named.join(", ")}`;
}
