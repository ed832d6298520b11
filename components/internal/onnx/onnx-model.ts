/** What a model takes or gives. */
export interface ModelValue {
  readonly name: string;
  /** `tensor`, or what the file has instead. */
  readonly kind:
    "tensor" | "a sequence" | "a map" | "an opaque value" | "a sparse tensor" | "an optional value";
  /** ONNX's number of the element type; 0 where it is none of a tensor or is not told. */
  readonly elementType: number;
  /** Sizes, names of free ones, -1 for a free one without a name; undefined where not even their count is told. */
  readonly shape: readonly (number | string)[] | undefined;
}

/** An operator with the first node that uses it on a type. */
export interface OperatorUse {
  readonly domain: string;
  readonly op: string;
  /** Opset of its domain where it is used; undefined where the model imports none. */
  readonly opset: number | undefined;
  /** The node's name, or the output that it makes where it has none. */
  readonly node: string;
  /** ONNX's number of the first input's type, where the file tells it. */
  readonly elementType: number | undefined;
}

/** A part of a file beside the model, in which weights lie. */
export interface ExternalData {
  /** The file, as the model names it. */
  readonly location: string;
  /** Bytes that it must have at least. */
  readonly bytes: number;
}

/** What the header and the graph of a model say. */
export interface OnnxModel {
  readonly irVersion: number;
  /** Opset by domain; "" is ai.onnx. */
  readonly opsets: ReadonlyMap<string, number>;
  /** Program that wrote it, with its version; "" where it does not say. */
  readonly producer: string;
  readonly inputs: readonly ModelValue[];
  readonly outputs: readonly ModelValue[];
  /** Operators of the graph, its subgraphs and the functions that it calls; not the functions themselves. */
  readonly operators: readonly OperatorUse[];
  readonly externalData: readonly ExternalData[];
}
