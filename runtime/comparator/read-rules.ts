import type { ComparisonRules } from "../../rollout/comparison/rules";

const RULE: Readonly<Record<string, "number" | "boolean">> = {
  absolute: "number",
  relative: "number",
  nanEqual: "boolean",
  topK: "number",
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads rules from a file's text. @returns a sentence where they are none */
export function readRules(text: string): ComparisonRules | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "it is not JSON";
  }
  if (!isObject(value)) return "it must be an object with `outputs` and `others`";
  const unknown = Object.keys(value).find((key) => key !== "outputs" && key !== "others");
  if (unknown !== undefined) return `\`${unknown}\` is unknown; there are \`outputs\` and \`others\``;
  const { outputs = {}, others = {} } = value;
  if (!isObject(outputs)) return "`outputs` must be an object of rules by name";
  const entries: [string, unknown][] = [
    ["others", others],
    ...Object.entries(outputs).map(([name, rule]): [string, unknown] => [`outputs.${name}`, rule]),
  ];
  return (
    entries.map(([path, rule]) => mistakeIn(path, rule)).find((mistake) => mistake !== undefined) ?? value
  );
}

function mistakeIn(path: string, rule: unknown): string | undefined {
  if (!isObject(rule)) return `\`${path}\` must be a rule, an object`;
  for (const [key, value] of Object.entries(rule)) {
    const type = Object.hasOwn(RULE, key) ? RULE[key] : undefined;
    if (type === undefined) return `\`${path}.${key}\` is unknown; there are ${Object.keys(RULE).join(", ")}`;
    if (typeof value !== type)
      return `\`${path}.${key}\` must be a ${type === "number" ? "number" : "truth value"}`;
  }
  return undefined;
}
