import { changes, formatPath } from "../../shared/diff";
import type { PathElement } from "../../shared/diff";
import type { DiffKind, PropertyDiff } from "../../shared/provider";
import { isList, isObject, unwrap } from "../../shared/values";
import type { Properties, Value } from "../../shared/values";
import { SERVER_METADATA } from "../object";
import { parseQuantity, isQuantityPath } from "./quantity";

type Pattern = readonly (string | "[*]")[];

function parsePattern(pattern: string): Pattern {
  return pattern.replaceAll("[*]", ".[*]").split(".");
}

function stepMatches(pattern: string, step: PathElement): boolean {
  return typeof step === "number" ? pattern === "[*]" : pattern === step;
}

/** True where the rest of a pattern leads to something inside a value that is added or removed as a whole. */
function reaches(pattern: Pattern, value: Value): boolean {
  const [step, ...rest] = pattern;
  if (step === undefined) return true;
  const plain = unwrap(value);
  if (step === "[*]") return isList(plain) && plain.some((element) => reaches(rest, element));
  return isObject(plain) && plain[step] !== undefined && reaches(rest, plain[step]);
}

function valueAt(root: Value, path: readonly PathElement[]): Value {
  let value = unwrap(root);
  for (const step of path) {
    if (isList(value)) value = unwrap(value[step as number]);
    else value = isObject(value) ? unwrap(value[step]) : undefined;
  }
  return value;
}

function touches(pattern: Pattern, path: readonly PathElement[], before: Value, after: Value): boolean {
  const shared = Math.min(pattern.length, path.length);
  for (let index = 0; index < shared; index++) {
    if (!stepMatches(pattern[index] ?? "", path[index] ?? "")) return false;
  }
  if (path.length >= pattern.length) return true;
  const rest = pattern.slice(path.length);
  return reaches(rest, valueAt(before, path)) || reaches(rest, valueAt(after, path));
}

/** The server may write a quantity in another unit than the program does. */
function sameMeaning(path: readonly PathElement[], before: Value, after: Value): boolean {
  if (!isQuantityPath(path)) return false;
  const quantity = parseQuantity(valueAt(before, path));
  return quantity !== undefined && quantity === parseQuantity(valueAt(after, path));
}

/** A program that copies these from a live object changes nothing by it. */
const SERVER_ONLY = new Set(SERVER_METADATA.map((field) => `metadata.${field}`));

/**
 * What an update would change, property by property; a `…-replace` kind where the field cannot be changed in place.
 * @param immutable patterns as in `immutable-fields.ts`
 */
export function diffObject(
  before: Properties,
  after: Properties,
  immutable: readonly string[],
): { [path: string]: PropertyDiff } {
  const patterns = immutable.map(parsePattern);
  const detailed: { [path: string]: PropertyDiff } = {};
  for (const { path, kind } of changes(before, after)) {
    if (SERVER_ONLY.has(path.slice(0, 2).join("."))) continue;
    if (sameMeaning(path, before, after)) continue;
    const replace = patterns.some((pattern) => touches(pattern, path, before, after));
    detailed[formatPath(path)] = { kind: (replace ? `${kind}-replace` : kind) as DiffKind, inputDiff: true };
  }
  return detailed;
}
