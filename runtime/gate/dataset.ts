import { readFileSync, statSync } from "node:fs";
import { messageOf } from "../message-of";
import { Unmeasurable } from "../quality/unmeasurable";

/** A ConfigMap holds a MiB; a file that is mounted by other means may hold more. */
const MOST_BYTES = 64 * 2 ** 20;
const MOST_ROWS = 100_000;

/** The index or the name of a class, 0 or 1 (or false and true), or a number, as the metric has it. */
export type Label = number | string;

/** One request, and what is right for each of its samples. */
export interface Row {
  /** V2 tensors with their data. */
  readonly inputs: readonly unknown[];
  /** Empty where the row has no label. */
  readonly labels: readonly Label[];
}

export interface Dataset {
  readonly rows: readonly Row[];
  /** Names of the classes by index; undefined where none are given. */
  readonly classes: readonly string[] | undefined;
}

/**
 * Reads a labelled set: a JSON list of `{ "inputs": [V2 tensors], "label": … }`, or `{ "classes": [names], "rows": that list }`.
 * A row with several samples has a list of labels.
 * @throws Unmeasurable naming the row and what is wrong with it
 */
export function readDataset(file: string, needsLabels: boolean): Dataset {
  return parseDataset(readText(file), needsLabels);
}

function readText(file: string): string {
  let size: number;
  try {
    size = statSync(file).size;
    if (size <= MOST_BYTES) return readFileSync(file, "utf8");
  } catch (error) {
    throw new Unmeasurable(`the dataset ${file} cannot be read: ${messageOf(error)}`);
  }
  throw new Unmeasurable(`the dataset ${file} has ${size} bytes, more than ${MOST_BYTES}`);
}

export function parseDataset(text: string, needsLabels: boolean): Dataset {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Unmeasurable(`the dataset is not JSON: ${messageOf(error)}`);
  }
  const { rows, classes } = Array.isArray(json)
    ? { rows: json as unknown, classes: undefined }
    : fields(json);
  if (!Array.isArray(rows))
    throw new Unmeasurable(
      'the dataset must be a list of rows, or {"classes": [names], "rows": a list of rows}',
    );
  if (classes !== undefined && !isNames(classes))
    throw new Unmeasurable("the dataset's `classes` must be a list of different names");
  if (rows.length === 0) throw new Unmeasurable("the dataset has no rows");
  if (rows.length > MOST_ROWS)
    throw new Unmeasurable(`the dataset has ${rows.length} rows, more than ${MOST_ROWS}`);
  return { rows: rows.map((row, i) => parseRow(row, i + 1, needsLabels)), classes };
}

function fields(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function isNames(value: unknown): value is string[] {
  return (
    Array.isArray(value) &&
    value.every((name) => typeof name === "string") &&
    new Set(value).size === value.length
  );
}

/** @param number of the row, from 1 on */
function parseRow(value: unknown, number: number, needsLabels: boolean): Row {
  const { inputs, label } = fields(value);
  const wrong = (what: string) => new Unmeasurable(`row ${number} of the dataset ${what}`);
  if (!Array.isArray(inputs) || inputs.length === 0 || !inputs.every(isTensor))
    throw wrong("must have `inputs`: a list of tensors with `name`, `datatype`, `shape` and `data`");
  if (label === undefined || label === null) {
    if (needsLabels) throw wrong("has no `label`");
    return { inputs, labels: [] };
  }
  const labels = (Array.isArray(label) ? label.flat(32) : [label]).map((each: unknown) =>
    typeof each === "boolean" ? Number(each) : each,
  );
  if (labels.length === 0 || !labels.every(isLabel))
    throw wrong("must have a number, a text, true or false as its `label`, or a list of them");
  return { inputs, labels };
}

const isLabel = (value: unknown): value is Label =>
  typeof value === "string" || (typeof value === "number" && Number.isFinite(value));

function isTensor(value: unknown): boolean {
  const { name, datatype, shape, data } = fields(value);
  return (
    typeof name === "string" && typeof datatype === "string" && Array.isArray(shape) && Array.isArray(data)
  );
}
