import { fields } from "./external-data";

/** A node of an ONNX graph, as far as somebody looks at it. */
export interface GraphNode {
  readonly op: string;
  /** Empty for ONNX's own operators. */
  readonly domain: string;
  /** Names; empty where an optional one is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Attributes that are one whole number. */
  readonly numbers: ReadonlyMap<string, number>;
  /** Bodies of control flow. */
  readonly graphs: readonly Graph[];
}

export interface Graph {
  /** In an order in which each comes after those whose outputs it takes. */
  readonly nodes: readonly GraphNode[];
  /** What is given to it, with ONNX's number of its element type; 0 where it does not say, as bodies need not. */
  readonly inputs: ReadonlyMap<string, number>;
}

export interface OnnxModel {
  readonly graph: Graph;
  /** Whether operators of its own are made of others, which are not looked into. */
  readonly hasFunctions: boolean;
}

type MutableNode = { -readonly [Key in keyof GraphNode]: GraphNode[Key] };

const text = (value: unknown): string => (value as Buffer).toString("utf8");

/**
 * The graph of a model: nodes, their connections and bodies, without weights. Field numbers are those of onnx.proto.
 * @throws one sentence where the bytes are no ONNX model
 */
export function readOnnxModel(bytes: Uint8Array): OnnxModel {
  const model = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const graphs: Graph[] = [];
  let hasFunctions = false;
  for (const { field, value } of fields(model)) {
    if (field === 7 && typeof value === "object") graphs.push(readGraph(value));
    if (field === 25) hasFunctions = true;
  }
  return { graph: joined(graphs), hasFunctions };
}

/** Protobuf's parsers join a message that comes in parts. */
function joined(graphs: readonly Graph[]): Graph {
  if (graphs.length === 1) return graphs[0]!;
  return {
    nodes: graphs.flatMap(({ nodes }) => nodes),
    inputs: new Map(graphs.flatMap(({ inputs }) => [...inputs])),
  };
}

function readGraph(graph: Buffer): Graph {
  const nodes: GraphNode[] = [];
  const inputs = new Map<string, number>();
  const constants: string[] = [];
  for (const { field, value } of fields(graph)) {
    if (typeof value !== "object") continue;
    if (field === 1) nodes.push(readNode(value));
    if (field === 5) constants.push(nameIn(value, 8));
    if (field === 11) inputs.set(nameIn(value, 1), elementType(value));
  }
  // An input with a value of its own is a constant: the server gives it no other.
  for (const name of constants) inputs.delete(name);
  return { nodes, inputs };
}

function readNode(bytes: Buffer): GraphNode {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const numbers = new Map<string, number>();
  const graphs: Graph[] = [];
  const node: MutableNode = { op: "", domain: "", inputs, outputs, numbers, graphs };
  for (const { field, value } of fields(bytes)) {
    if (typeof value !== "object") continue;
    if (field === 1) inputs.push(text(value));
    if (field === 2) outputs.push(text(value));
    if (field === 4) node.op = text(value);
    if (field === 5) readAttribute(value, numbers, graphs);
    if (field === 7) node.domain = domainOf(text(value));
  }
  return node;
}

/** ONNX's own domain has a name as well, which is the same as none. */
function domainOf(name: string): string {
  return name === "ai.onnx" ? "" : name;
}

function readAttribute(attribute: Buffer, numbers: Map<string, number>, graphs: Graph[]): void {
  let name = "";
  let number: number | undefined;
  for (const { field, value } of fields(attribute)) {
    if (field === 1) name = text(value);
    if (field === 3 && typeof value === "number") number = value;
    if ((field === 6 || field === 11) && typeof value === "object") graphs.push(readGraph(value));
  }
  if (number !== undefined) numbers.set(name, number);
}

function nameIn(message: Buffer, nameField: number): string {
  for (const { field, value } of fields(message)) {
    if (field === nameField && typeof value === "object") return text(value);
  }
  return "";
}

/** @param info a ValueInfoProto; its type 2, of that `tensor_type` 1, of that `elem_type` 1 */
function elementType(info: Buffer): number {
  for (const { field, value: type } of fields(info)) {
    if (field !== 2 || typeof type !== "object") continue;
    for (const { field: kind, value: tensor } of fields(type)) {
      if (kind !== 1 || typeof tensor !== "object") continue;
      for (const { field: part, value } of fields(tensor)) {
        if (part === 1 && typeof value === "number") return value;
      }
    }
  }
  return 0;
}

/** Operators whose outputs' values follow from shapes alone, or from nothing that is given to them. */
const BLIND = new Set([
  "Constant",
  "ConstantOfShape",
  "EyeLike",
  "RandomNormal",
  "RandomNormalLike",
  "RandomUniform",
  "RandomUniformLike",
  "Shape",
  "Size",
]);

/**
 * Names of the tensors whose values may follow from those of a model's inputs, and not from their shapes alone. What control
 * flow gives, and what is given to its bodies, counts among them.
 */
export function valueDependent(graph: Graph, dependent = new Set<string>()): Set<string> {
  for (const name of graph.inputs.keys()) dependent.add(name);
  for (const { op, inputs, outputs, graphs } of graph.nodes) {
    for (const body of graphs) valueDependent(body, dependent);
    const follows = graphs.length > 0 || (!BLIND.has(op) && inputs.some((name) => dependent.has(name)));
    if (follows) for (const name of outputs) dependent.add(name);
  }
  return dependent;
}
