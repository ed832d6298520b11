import type { EnforcementLevel } from "@pulumi/policy";
import Ajv, { type ErrorObject } from "ajv";
import { LineCounter, type Node, parseDocument } from "yaml";
import type { RuleMetadata } from "../policies/model/rule";
import { InputError } from "./input-error";
import { isObject, kindOf, type JsonObject } from "./json";
import type { ConfiguredRule } from "./rules";

const LEVELS: readonly EnforcementLevel[] = ["advisory", "mandatory", "remediate", "disabled"];
/** Sets the enforcement of every rule that has no entry of its own. */
const ALL = "all";

/**
 * Rules under a configuration file, as the engine's `--policy-pack-config` reads it: JSON, a rule's id → a level, or an
 * object of `enforcementLevel` and parameters. Unlike the engine's, a name that no rule has is refused.
 * @throws InputError with the line
 */
export function configure(rules: readonly ConfiguredRule[], text: string): ConfiguredRule[] {
  const file = readFile(text);
  for (const id of file.entries.keys()) {
    if (id !== ALL && !rules.some(({ rule }) => rule.id === id)) {
      throw file.refusal(id, `there is no rule \`${id}\`; docs/reference/policies.md lists them`);
    }
  }
  const all = file.entries.get(ALL);
  const fallback = all === undefined ? undefined : readEntry(ALL, all, file).enforcement;
  return rules.map((entry) => {
    const { id } = entry.rule;
    const enforcement = fallback ?? entry.enforcement;
    const given = file.entries.get(id);
    if (given === undefined) return { ...entry, enforcement };
    const own = readEntry(id, given, file);
    checkParameters(entry.rule, own.config, file);
    const config = { ...entry.config, ...own.config };
    return { rule: entry.rule, enforcement: own.enforcement ?? enforcement, config };
  });
}

interface ConfigFile {
  readonly entries: ReadonlyMap<string, unknown>;
  refusal(id: string, problem: string): InputError;
}

/** JSON is YAML, and the YAML reader knows lines and repeated keys. */
function readFile(text: string): ConfigFile {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, schema: "json", prettyErrors: false });
  const [error] = document.errors;
  if (error) {
    throw new InputError(
      `line ${lineCounter.linePos(error.pos[0]).line}: is not valid JSON (${error.message})`,
    );
  }
  const value: unknown = document.toJS();
  if (!isObject(value)) throw new InputError(`must be an object of rules, not ${kindOf(value)}`);
  return {
    entries: new Map(Object.entries(value)),
    refusal: (id, problem) => {
      const node = document.get(id, true) as Node | undefined;
      const line = node?.range ? lineCounter.linePos(node.range[0]).line : 1;
      return new InputError(`line ${line}: ${problem}`);
    },
  };
}

function readEntry(
  id: string,
  given: unknown,
  file: ConfigFile,
): { enforcement?: EnforcementLevel; config: JsonObject } {
  const { enforcementLevel, ...config } = isObject(given) ? given : { enforcementLevel: given };
  if (enforcementLevel === undefined) return { config };
  if (!LEVELS.includes(enforcementLevel as EnforcementLevel)) {
    const shown = typeof enforcementLevel === "string" ? `"${enforcementLevel}"` : kindOf(enforcementLevel);
    throw file.refusal(id, `\`${id}\`: ${shown} must be one of: ${LEVELS.join(", ")}`);
  }
  return { enforcement: enforcementLevel as EnforcementLevel, config };
}

function checkParameters({ id, configSchema }: RuleMetadata, config: JsonObject, file: ConfigFile): void {
  const { properties = {}, required = [] } = configSchema ?? {};
  const [unknown] = Object.keys(config).filter((key) => !Object.hasOwn(properties, key));
  if (unknown !== undefined) {
    const allowed = Object.keys(properties);
    const what = allowed.length === 0 ? "it takes none" : `it takes: ${allowed.join(", ")}`;
    throw file.refusal(id, `\`${id}\`: there is no parameter \`${unknown}\`; ${what}`);
  }
  const schema = { type: "object", properties, required };
  const ajv = new Ajv({ strict: false, logger: false });
  if (ajv.validate(schema, config)) return;
  throw file.refusal(id, `\`${id}\`: ${sentence(ajv.errors![0]!)}`);
}

const sentence = ({ instancePath, message }: ErrorObject) =>
  `\`${instancePath.slice(1).replaceAll("/", ".")}\` ${message}`;
