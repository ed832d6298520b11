import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writer } from "protobufjs/minimal";

type FieldValue = number | string | Uint8Array;

/** A protobuf message of these fields: numbers as varints, texts and bytes with their length. */
export function message(...fields: readonly (readonly [number, FieldValue])[]): Uint8Array {
  const writer = Writer.create();
  for (const [number, value] of fields) {
    if (typeof value === "number") writer.uint32(number * 8).int64(value);
    else if (typeof value === "string") writer.uint32(number * 8 + 2).string(value);
    else writer.uint32(number * 8 + 2).bytes(value);
  }
  return writer.finish();
}

export interface TestTensor {
  readonly name: string;
  /** ONNX's number of the element type. */
  readonly type: number;
  /** A text is a free dimension of that name; left out, nothing is told. */
  readonly shape?: readonly (number | string)[];
}

export interface TestNode {
  readonly op: string;
  readonly domain?: string;
  readonly name?: string;
  readonly inputs?: readonly string[];
  readonly outputs?: readonly string[];
  /** AttributeProto each. */
  readonly attributes?: readonly Uint8Array[];
}

export interface TestGraph {
  readonly nodes?: readonly TestNode[];
  readonly inputs?: readonly TestTensor[];
  readonly outputs?: readonly TestTensor[];
  readonly valueInfo?: readonly TestTensor[];
  /** TensorProto each. */
  readonly initializers?: readonly Uint8Array[];
}

export interface TestModel extends TestGraph {
  /** @default 8 */
  readonly irVersion?: number;
  /** @default { "": 17 } */
  readonly opsets?: Readonly<Record<string, number>>;
  /** FunctionProto each. */
  readonly functions?: readonly Uint8Array[];
}

export function valueInfo({ name, type, shape }: TestTensor): Uint8Array {
  const dimensions = shape?.map((size) => [1, message([typeof size === "number" ? 1 : 2, size])] as const);
  const shaped = dimensions ? [[2, message(...dimensions)] as const] : [];
  return message([1, name], [2, message([1, message([1, type], ...shaped)])]);
}

export function nodeProto({
  op,
  domain = "",
  name = "",
  inputs = [],
  outputs = [],
  attributes = [],
}: TestNode): Uint8Array {
  return message(
    ...inputs.map((input) => [1, input] as const),
    ...outputs.map((output) => [2, output] as const),
    [3, name],
    [4, op],
    ...attributes.map((attribute) => [5, attribute] as const),
    [7, domain],
  );
}

export function graphProto({
  nodes = [],
  inputs = [],
  outputs = [],
  valueInfo: values = [],
  initializers = [],
}: TestGraph): Uint8Array {
  return message(
    ...nodes.map((node) => [1, nodeProto(node)] as const),
    [2, "graph"],
    ...initializers.map((tensor) => [5, tensor] as const),
    ...inputs.map((tensor) => [11, valueInfo(tensor)] as const),
    ...outputs.map((tensor) => [12, valueInfo(tensor)] as const),
    ...values.map((tensor) => [13, valueInfo(tensor)] as const),
  );
}

const opsetFields = (opsets: Readonly<Record<string, number>>, field: number) =>
  Object.entries(opsets).map(([domain, version]) => [field, message([1, domain], [2, version])] as const);

export function functionProto(
  name: string,
  domain: string,
  nodes: readonly TestNode[],
  opsets: Readonly<Record<string, number>>,
): Uint8Array {
  return message(
    [1, name],
    ...nodes.map((node) => [7, nodeProto(node)] as const),
    ...opsetFields(opsets, 9),
    [10, domain],
  );
}

/** The bytes of a model's file. */
export function onnxFile({
  irVersion = 8,
  opsets = { "": 17 },
  functions = [],
  ...graph
}: TestModel): Uint8Array {
  return message(
    [1, irVersion],
    [2, "test"],
    [3, "1.0"],
    [7, graphProto(graph)],
    ...opsetFields(opsets, 8),
    ...functions.map((body) => [25, body] as const),
  );
}

/** A model of one operator that takes `x` and gives `y`. */
export function singleNode(node: TestNode, type: number, rest: Partial<TestModel> = {}): TestModel {
  return {
    nodes: [{ inputs: ["x"], outputs: ["y"], ...node }],
    inputs: [{ name: "x", type, shape: ["batch", 3] }],
    outputs: [{ name: "y", type, shape: ["batch", 3] }],
    ...rest,
  };
}

/** A tensor whose data lies in another file. */
export function externalTensor(name: string, location: string, length: number): Uint8Array {
  const entries = Object.entries({ location, offset: "0", length: String(length) });
  return message(
    [1, Math.max(1, length / 4)],
    [2, 1],
    [8, name],
    ...entries.map(([key, value]) => [13, message([1, key], [2, value])] as const),
    [14, 1],
  );
}

/** A folder for the tests of a suite; `write` gives the path of a file in it. */
export class TestFolder {
  readonly path = mkdtempSync(join(tmpdir(), "slipway-model-"));

  write(name: string, bytes: Uint8Array | string): string {
    const file = join(this.path, name);
    writeFileSync(file, bytes);
    return file;
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}
