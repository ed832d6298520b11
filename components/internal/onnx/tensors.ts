import { datatypeOf, type Datatype } from "./element-types";
import type { ModelValue } from "./onnx-model";
import { quoted } from "./quoted";

/** A tensor that requests bring or are answered with, in the words of the V2 protocol. */
export interface ModelTensor {
  /** As the file names it. */
  readonly name: string;
  /** Type of its elements: `FP32`, `INT64`, `BYTES`, … */
  readonly datatype: Datatype;
  /** Sizes, -1 where one is free. */
  readonly shape: readonly number[];
}

/** What the file tells of a tensor. */
export interface FileTensor {
  readonly name: string;
  readonly datatype: Datatype | undefined;
  /** Undefined where the file does not even tell the number of dimensions. */
  readonly shape: readonly number[] | undefined;
}

export function fileTensors(values: readonly ModelValue[]): FileTensor[] {
  return values.map(({ name, elementType, shape }) => ({
    name,
    datatype: datatypeOf(elementType),
    shape: shape?.map((size) => (typeof size === "number" ? size : -1)),
  }));
}

/** As in `FP32 [-1, 3, 224, 224]`. */
export function shownTensor({ datatype, shape }: FileTensor): string {
  return `${datatype ?? "of an unknown type"} ${shape ? `[${shape.join(", ")}]` : "of an unknown shape"}`;
}

/**
 * How two lists of tensors differ, whatever their order: one part of a sentence for each difference.
 * @param here how the second list is called after a name, as in "here"
 */
export function tensorDifferences(
  side: "input" | "output",
  expected: readonly FileTensor[],
  there: string,
  actual: readonly FileTensor[],
  here: string,
): string[] {
  const differences: string[] = [];
  const found = new Map(actual.map((tensor) => [tensor.name, tensor]));
  for (const tensor of expected) {
    const other = found.get(tensor.name);
    if (!other)
      differences.push(
        `${side} ${quoted(tensor.name)} is ${shownTensor(tensor)} ${there} and missing ${here}`,
      );
    else if (!agree(tensor, other)) {
      differences.push(
        `${side} ${quoted(tensor.name)} is ${shownTensor(tensor)} ${there} and ${shownTensor(other)} ${here}`,
      );
    }
  }
  const known = new Set(expected.map(({ name }) => name));
  for (const tensor of actual) {
    if (!known.has(tensor.name)) {
      differences.push(
        `${side} ${quoted(tensor.name)} is missing ${there} and ${shownTensor(tensor)} ${here}`,
      );
    }
  }
  return differences;
}

/** What one of them does not tell counts as equal. */
function agree(a: FileTensor, b: FileTensor): boolean {
  if (a.datatype !== undefined && b.datatype !== undefined && a.datatype !== b.datatype) return false;
  if (a.shape === undefined || b.shape === undefined) return true;
  return a.shape.length === b.shape.length && a.shape.every((size, i) => size === b.shape![i]);
}
