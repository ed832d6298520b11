import type { ExternalData, ModelValue, OnnxModel } from "./onnx-model";
import { operatorUses, plainDomain, type FunctionBody, type GraphNode, type Scope } from "./operator-uses";
import { UnreadableModel, WireFile, type WireField } from "./wire-file";

/** Messages of one file: nodes, their attributes, tensors. The largest language models have some hundred thousand. */
const MOST_MESSAGES = 5_000_000;

/** Fields of TypeProto, and what a value of that type is. */
const KINDS: Readonly<Record<number, ModelValue["kind"]>> = {
  1: "tensor",
  4: "a sequence",
  5: "a map",
  7: "an opaque value",
  8: "a sparse tensor",
  9: "an optional value",
};

/** Inputs and outputs of one graph; those of a language model with a cache are some hundred. */
const MOST_ENDS = 10_000;

/** Files beside the model. */
const MOST_FILES = 10_000;

/** What a graph takes and gives. */
interface Ends {
  readonly inputs: ModelValue[];
  readonly outputs: ModelValue[];
}

/** What matters of a node's attributes. */
interface Attributes {
  castTo?: number;
}

/**
 * Reads what a model's file says about itself, without its weights.
 * @throws UnreadableModel where it is none; Error with a code where it cannot be opened
 */
export function readOnnxModel(path: string): OnnxModel {
  const file = new WireFile(path);
  try {
    refuseOtherFormats(file);
    return new Reader(file).model();
  } finally {
    file.close();
  }
}

/** What is often found under the name of a model, in words of its own. */
function refuseOtherFormats(file: WireFile): void {
  if (file.size === 0) throw new UnreadableModel("is empty");
  const head = file.head(40).toString("latin1");
  if (head.startsWith("version https://git-lfs.github.com/")) {
    throw new UnreadableModel("is a pointer of Git LFS and not the model; fetch it with `git lfs pull`");
  }
  if (head.startsWith("PK\x03\x04")) {
    throw new UnreadableModel("is a ZIP archive, as PyTorch saves models; export the model to ONNX");
  }
  if (head.slice(4, 8) === "ORTM") {
    throw new UnreadableModel("is in the ORT format, which does not tell its operators; give the ONNX model");
  }
}

class Reader {
  private readonly externalData = new Map<string, number>();
  private messagesSeen = 0;

  constructor(private readonly file: WireFile) {}

  /** ModelProto. */
  model(): OnnxModel {
    let irVersion: number | undefined;
    let producer = "";
    let producerVersion = "";
    const opsets = new Map<string, number>();
    const functions: FunctionBody[] = [];
    const nodes: GraphNode[] = [];
    const scope: Scope = { types: new Map() };
    const ends: Ends = { inputs: [], outputs: [] };
    let graphs = 0;
    for (const field of this.file.fields(0, this.file.size, 0)) {
      if (field.number === 1) irVersion = field.value;
      else if (field.number === 2) producer = this.file.text(field);
      else if (field.number === 3) producerVersion = this.file.text(field);
      else if (field.number === 7) {
        graphs++;
        this.graph(field, nodes, scope, ends, 1);
      } else if (field.number === 8) this.opset(field, opsets);
      else if (field.number === 25) functions.push(this.functionBody(field));
    }
    if (graphs === 0 || irVersion === undefined) {
      throw new UnreadableModel(
        `is no ONNX model: it has no ${graphs === 0 ? "graph" : "version of the format (`ir_version`)"}`,
      );
    }
    return {
      irVersion,
      opsets,
      producer: `${producer} ${producerVersion}`.trim(),
      ...ends,
      operators: operatorUses(nodes, opsets, functions),
      externalData: [...this.externalData].map(([location, bytes]): ExternalData => ({ location, bytes })),
    };
  }

  /** GraphProto: adds its nodes, after those of the graphs that they hold, and the types that it tells. */
  private graph(at: WireField, nodes: GraphNode[], scope: Scope, ends: Ends, depth: number): void {
    const initializers = new Set<string>();
    const inputs: ModelValue[] = [];
    for (const field of this.messages(at, depth)) {
      if (field.number === 1) this.node(field, nodes, scope, depth + 1);
      else if (field.number === 5) {
        const { name, elementType } = this.tensor(field, depth + 1);
        initializers.add(name);
        scope.types.set(name, elementType);
      } else if (field.number === 15) this.sparseTensor(field, depth + 1);
      else if (field.number === 11 || field.number === 12 || field.number === 13) {
        const value = this.value(field, depth + 1);
        if (value.elementType > 0) scope.types.set(value.name, value.elementType);
        if (field.number === 11) inputs.push(value);
        if (field.number === 12) ends.outputs.push(value);
      }
    }
    // Files of IR version 3 list weights among the inputs as well.
    for (const input of inputs) if (!initializers.has(input.name)) ends.inputs.push(input);
    if (ends.inputs.length + ends.outputs.length > MOST_ENDS) {
      throw new UnreadableModel(`has more than ${MOST_ENDS} inputs and outputs, as no ONNX model does`);
    }
  }

  /** NodeProto. */
  private node(at: WireField, nodes: GraphNode[], scope: Scope, depth: number): void {
    let [domain, op, name] = ["", "", ""];
    let [input, output]: (string | undefined)[] = [];
    const attributes: Attributes = {};
    for (const field of this.messages(at, depth)) {
      if (field.number === 1) input ??= this.file.text(field);
      else if (field.number === 2) output ??= this.file.text(field);
      else if (field.number === 3) name = this.file.text(field);
      else if (field.number === 4) op = this.file.text(field);
      else if (field.number === 5) this.attribute(field, attributes, nodes, scope, depth + 1);
      else if (field.number === 7) domain = this.file.text(field);
    }
    const { castTo } = attributes;
    nodes.push({
      domain: plainDomain(domain),
      op,
      name,
      input: input ?? "",
      output: output ?? "",
      castTo,
      scope,
    });
  }

  /** AttributeProto: what it holds of tensors and graphs, and the type that a Cast makes. */
  private attribute(
    at: WireField,
    attributes: Attributes,
    nodes: GraphNode[],
    scope: Scope,
    depth: number,
  ): void {
    let name = "";
    let value = 0;
    for (const field of this.messages(at, depth)) {
      if (field.number === 1) name = this.file.text(field);
      else if (field.number === 3) value = field.value;
      else if (field.number === 5 || field.number === 10) this.tensor(field, depth + 1);
      else if (field.number === 6 || field.number === 11) {
        const inner: Scope = { types: new Map(), outer: scope };
        this.graph(field, nodes, inner, { inputs: [], outputs: [] }, depth + 1);
      } else if (field.number === 22 || field.number === 23) this.sparseTensor(field, depth + 1);
    }
    if (name === "to") attributes.castTo = value;
  }

  /** SparseTensorProto: two tensors. */
  private sparseTensor(at: WireField, depth: number): void {
    for (const field of this.messages(at, depth)) {
      if (field.number === 1 || field.number === 2) this.tensor(field, depth + 1);
    }
  }

  /** TensorProto, without its data. */
  private tensor(at: WireField, depth: number): { name: string; elementType: number } {
    let name = "";
    let elementType = 0;
    let external = false;
    const entries = new Map<string, string>();
    for (const field of this.messages(at, depth)) {
      if (field.number === 2) elementType = field.value;
      else if (field.number === 8) name = this.file.text(field);
      else if (field.number === 13) this.entry(field, entries, depth + 1);
      else if (field.number === 14) external = field.value === 1;
    }
    if (external) {
      if (this.externalData.size > MOST_FILES) {
        throw new UnreadableModel(`has weights in more than ${MOST_FILES} files, as no ONNX model does`);
      }
      const location = entries.get("location") ?? "";
      const bytes = Number(entries.get("offset") ?? 0) + Number(entries.get("length") ?? 0);
      this.externalData.set(
        location,
        Math.max(this.externalData.get(location) ?? 0, Number.isFinite(bytes) ? bytes : 0),
      );
    }
    return { name, elementType };
  }

  /** StringStringEntryProto. */
  private entry(at: WireField, entries: Map<string, string>, depth: number): void {
    let [key, value] = ["", ""];
    for (const field of this.messages(at, depth)) {
      if (field.number === 1) key = this.file.text(field);
      else if (field.number === 2) value = this.file.text(field);
    }
    entries.set(key, value);
  }

  /** ValueInfoProto and the TypeProto in it. */
  private value(at: WireField, depth: number): ModelValue {
    let value: ModelValue = { name: "", kind: "tensor", elementType: 0, shape: undefined };
    for (const field of this.messages(at, depth)) {
      if (field.number === 1) value = { ...value, name: this.file.text(field) };
      if (field.number !== 2) continue;
      for (const type of this.messages(field, depth + 1)) {
        const kind = KINDS[type.number];
        if (kind !== undefined) value = { ...value, kind };
        if (kind === "tensor") value = { ...value, ...this.tensorType(type, depth + 2) };
      }
    }
    return value;
  }

  /** TypeProto.Tensor. */
  private tensorType(at: WireField, depth: number): Pick<ModelValue, "elementType" | "shape"> {
    let elementType = 0;
    let shape: (number | string)[] | undefined;
    for (const field of this.messages(at, depth)) {
      if (field.number === 1) elementType = field.value;
      if (field.number !== 2) continue;
      shape = [];
      for (const dimension of this.messages(field, depth + 1)) {
        if (dimension.number === 1) shape.push(this.dimension(dimension, depth + 2));
      }
    }
    return { elementType, shape };
  }

  private dimension(at: WireField, depth: number): number | string {
    let size: number | string = -1;
    for (const field of this.messages(at, depth)) {
      if (field.number === 1) size = Math.max(field.value, -1);
      else if (field.number === 2) size = this.file.text(field) || -1;
    }
    return size;
  }

  /** OperatorSetIdProto. */
  private opset(at: WireField, opsets: Map<string, number>): void {
    let domain = "";
    let version = 0;
    for (const field of this.messages(at, 1)) {
      if (field.number === 1) domain = this.file.text(field);
      else if (field.number === 2) version = field.value;
    }
    opsets.set(plainDomain(domain), version);
  }

  /** FunctionProto. */
  private functionBody(at: WireField): FunctionBody {
    let [name, domain] = ["", ""];
    const opsets = new Map<string, number>();
    const nodes: GraphNode[] = [];
    const scope: Scope = { types: new Map() };
    for (const field of this.messages(at, 1)) {
      if (field.number === 1) name = this.file.text(field);
      else if (field.number === 7) this.node(field, nodes, scope, 2);
      else if (field.number === 9) this.opset(field, opsets);
      else if (field.number === 10) domain = this.file.text(field);
    }
    return { domain: plainDomain(domain), name, opsets, nodes };
  }

  private messages(at: WireField, depth: number): Iterable<WireField> {
    if (++this.messagesSeen > MOST_MESSAGES) {
      throw new UnreadableModel(`holds more than ${MOST_MESSAGES} messages, as no ONNX model does`);
    }
    if (!at.delimited)
      throw new UnreadableModel(`is no ONNX model: byte ${at.start} is not what protobuf has there`);
    return this.file.fields(at.start, at.end, depth);
  }
}
