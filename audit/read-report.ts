import { InputError } from "./input-error";
import { isObject, kindOf, parseJson, textMember, type JsonObject } from "./json";
import { type AuditReport, SCHEMA_VERSION } from "./report";

const MAJOR = SCHEMA_VERSION.split(".")[0]!;

/** A report as a file has it: of this version or a later one of the same kind. */
export type StoredReport = AuditReport & JsonObject;

/**
 * Reads report.json as far as a comparison and a signature need it.
 * @throws InputError
 */
export function readReport(text: string): StoredReport {
  const document = parseJson(text);
  const version = textMember(document, "schemaVersion");
  if (!isObject(document) || version === undefined) {
    throw new InputError(
      "is no report: it has no `schemaVersion`; `slipway audit` writes one as report.json",
    );
  }
  if (version.split(".")[0] !== MAJOR) {
    throw new InputError(
      `has version ${JSON.stringify(version)} of the report's shape; versions ${MAJOR}.x can be read`,
    );
  }
  requireTexts(document["subject"], "subject", ["project", "stack"]);
  requireTexts(document, "", ["asOf"]);
  for (const entry of list(document, "rules"))
    requireTexts(entry, "rules", ["id", "severity", "enforcement"]);
  for (const entry of list(document, "findings"))
    requireTexts(entry, "findings", ["rule", "resource", "state"]);
  return document as StoredReport;
}

function list(document: JsonObject, key: string): readonly unknown[] {
  const value = Object.hasOwn(document, key) ? document[key] : undefined;
  if (Array.isArray(value)) return value;
  throw new InputError(`has no usable \`${key}\`: it must be a list, not ${kindOf(value)}`);
}

function requireTexts(value: unknown, place: string, keys: readonly string[]): void {
  const missing = keys.find((key) => textMember(value, key) === undefined);
  if (missing === undefined) return;
  throw new InputError(
    `has no usable \`${place === "" ? missing : `${place}.${missing}`}\`: it must be text`,
  );
}
