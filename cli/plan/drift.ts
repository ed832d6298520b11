import { nameOf, type DriftRecord } from "../engine/events";
import { compareText, valueAt, type PathSegment } from "./paths";
import { propertyDeltas, publicChange, type PropertyChange } from "./property-diff";

/** What somebody changed since the last update. */
export interface Drift {
  /** `delete` where it is gone. */
  op: "update" | "delete";
  type: string;
  name: string;
  urn: string;
  /** `from` is what the last update left, `to` what is there. */
  properties: PropertyChange[];
  /** Whose hand it was, where the cluster keeps a record of that: "kubectl-edit, 2026-03-01T10:00:00Z". */
  by: string[];
}

interface ManagedFields {
  manager?: string;
  time?: string;
  fieldsV1?: unknown;
}

/** Ours: what it manages was not changed by hand. */
const OWN_MANAGER = /^pulumi/;

/** True where a set of managed fields has the path; elements of lists are found by the keys that name them. */
function manages(fields: unknown, path: readonly PathSegment[], live: unknown): boolean {
  const [segment, ...rest] = path;
  if (segment === undefined) return true;
  if (fields === null || typeof fields !== "object") return false;
  const next = valueAt(live, [segment]);
  return Object.entries(fields).some(([key, below]) => {
    if (typeof segment === "string") return key === `f:${segment}` && manages(below, rest, next);
    return names(key, next) && manages(below, rest, next);
  });
}

function names(key: string, element: unknown): boolean {
  if (!key.startsWith("k:") && !key.startsWith("v:")) return false;
  try {
    const wanted: unknown = JSON.parse(key.slice(2));
    if (key.startsWith("v:")) return wanted === element;
    return Object.entries(wanted as object).every(([name, value]) => valueAt(element, [name]) === value);
  } catch {
    return false;
  }
}

function managersOf(record: DriftRecord, paths: readonly (readonly PathSegment[])[]): string[] {
  const fields = valueAt(record.outputs, ["metadata", "managedFields"]);
  if (!Array.isArray(fields)) return [];
  const found = (fields as ManagedFields[])
    .filter(({ manager, fieldsV1 }) => {
      if (!manager || OWN_MANAGER.test(manager)) return false;
      return paths.some((path) => manages(fieldsV1, path, record.outputs));
    })
    .map(({ manager, time }) => (time ? `${manager}, ${time}` : manager!));
  return [...new Set(found)].sort(compareText);
}

/** Without those of outputs, which move by themselves: status, versions. Where none is left, inputs are compared. */
const inputDifferences = ({ detailedDiff = {} }: DriftRecord) =>
  Object.fromEntries(Object.entries(detailedDiff).filter(([, { inputDiff }]) => inputDiff === true));

function driftOf(record: DriftRecord): Drift {
  const gone = record.op === "delete";
  const deltas = gone
    ? []
    : propertyDeltas({
        op: "update",
        urn: record.urn,
        type: record.type,
        before: record.oldInputs,
        after: record.inputs,
        diff: inputDifferences(record),
        replaceKeys: [],
        deletedFirst: false,
        retained: false,
        grouping: false,
      });
  return {
    op: record.op,
    type: record.type,
    name: nameOf(record.urn),
    urn: record.urn,
    properties: deltas.map(publicChange),
    by: managersOf(
      record,
      deltas.map(({ segments }) => segments),
    ),
  };
}

/** What a refresh found, without what moves by itself. */
export function driftsOf(records: readonly DriftRecord[]): Drift[] {
  return records
    .map(driftOf)
    .filter(({ op, properties }) => op === "delete" || properties.length > 0)
    .sort((a, b) => compareText(a.type, b.type) || compareText(a.urn, b.urn));
}
