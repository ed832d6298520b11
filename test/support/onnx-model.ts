/** Writes tiny ONNX models, so that no binary file has to lie in the repository. See onnx.proto for the field numbers. */

/** ONNX's numbers of element types. */
export const ELEMENT = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  bfloat16: 16,
  float8e4m3fn: 17,
  int4: 22,
} as const;

export type ElementType = keyof typeof ELEMENT;

export interface TensorDeclaration {
  readonly name: string;
  readonly type: ElementType;
  /** A text is a free dimension of that name. */
  readonly shape: readonly (number | string)[];
  /** What holds the tensors, or may; a map has INT64 keys. @default nothing, it is the tensor itself */
  readonly within?: "sequence" | "map" | "optional";
}

export interface NodeDeclaration {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** @default ONNX's own */
  readonly domain?: string;
  /** Whole numbers, alone or in a list. */
  readonly attributes?: { readonly [name: string]: number | readonly number[] };
}

/** Constants of the model, FP32 or INT64. */
export interface InitializerDeclaration {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  while (value > 127) {
    bytes.push((value & 127) | 128);
    value = Math.floor(value / 128);
  }
  bytes.push(value);
  return Buffer.from(bytes);
}

const number = (field: number, value: number) => Buffer.concat([varint(field * 8), varint(value)]);

function bytes(field: number, content: Buffer | string): Buffer {
  const buffer = Buffer.from(content as string);
  return Buffer.concat([varint(field * 8 + 2), varint(buffer.length), buffer]);
}

const message = (field: number, ...parts: Buffer[]) => bytes(field, Buffer.concat(parts));

/** TypeProto of what holds a tensor, given that of the tensor. */
const HOLDERS = {
  sequence: (tensor: Buffer) => message(4, message(1, tensor)),
  map: (tensor: Buffer) => message(5, number(1, ELEMENT.int64), message(2, tensor)),
  optional: (tensor: Buffer) => message(9, message(1, tensor)),
};

function valueInfo(field: number, { name, type, shape, within }: TensorDeclaration): Buffer {
  const dimensions = shape.map((size) =>
    message(1, typeof size === "number" ? number(1, size) : bytes(2, size)),
  );
  const tensorType = message(1, number(1, ELEMENT[type]), message(2, ...dimensions));
  const whole = within ? HOLDERS[within](tensorType) : tensorType;
  return message(field, bytes(1, name), message(2, whole));
}

/** The numbers of AttributeProto.AttributeType. */
const [INT, INTS] = [2, 7];

function attributeProto([name, value]: [string, number | readonly number[]]): Buffer {
  return typeof value === "number"
    ? message(5, bytes(1, name), number(3, value), number(20, INT))
    : message(5, bytes(1, name), ...value.map((item) => number(8, item)), number(20, INTS));
}

function initializerProto({ name, shape, data }: InitializerDeclaration): Buffer {
  const content = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const dimensions = shape.map((size) => number(1, size));
  const type = data instanceof Float32Array ? ELEMENT.float32 : ELEMENT.int64;
  return message(5, ...dimensions, number(2, type), bytes(8, name), bytes(9, content));
}

function nodeProto({ op, inputs, outputs, domain, attributes = {} }: NodeDeclaration): Buffer {
  return message(
    1,
    ...inputs.map((name) => bytes(1, name)),
    ...outputs.map((name) => bytes(2, name)),
    bytes(4, op),
    ...Object.entries(attributes).map(attributeProto),
    ...(domain === undefined ? [] : [bytes(7, domain)]),
  );
}

/** A model as the bytes of its file. */
export function onnxModel(
  nodes: readonly NodeDeclaration[],
  inputs: readonly TensorDeclaration[],
  outputs: readonly TensorDeclaration[],
  initializers: readonly InitializerDeclaration[] = [],
): Buffer {
  const graph = message(
    7,
    ...nodes.map(nodeProto),
    bytes(2, "graph"),
    ...initializers.map(initializerProto),
    ...inputs.map((input) => valueInfo(11, input)),
    ...outputs.map((output) => valueInfo(12, output)),
  );
  const irVersion = number(1, 8);
  const opset = message(8, bytes(1, ""), number(2, 17));
  return Buffer.concat([irVersion, graph, opset]);
}

/** A model that gives `y` as it got `x`. */
export function identityModel(type: ElementType, shape: TensorDeclaration["shape"]): Buffer {
  const nodes = [{ op: "Identity", inputs: ["x"], outputs: ["y"] }];
  return onnxModel(nodes, [{ name: "x", type, shape }], [{ name: "y", type, shape }]);
}

/** A model that gives `sum` = `a` + `b`, and `a` again as `copy`. */
export function addModel(type: ElementType, shape: TensorDeclaration["shape"]): Buffer {
  const tensor = (name: string): TensorDeclaration => ({ name, type, shape });
  const nodes = [
    { op: "Add", inputs: ["a", "b"], outputs: ["sum"] },
    { op: "Identity", inputs: ["a"], outputs: ["copy"] },
  ];
  return onnxModel(nodes, [tensor("a"), tensor("b")], [tensor("sum"), tensor("copy")]);
}

/** A model that takes the mean of all of `x`, over every row, from each element: rows of a batch are not independent. */
export function centredModel(shape: TensorDeclaration["shape"]): Buffer {
  return onnxModel(
    [
      { op: "ReduceMean", inputs: ["x"], outputs: ["mean"] },
      { op: "Sub", inputs: ["x", "mean"], outputs: ["y"] },
    ],
    [{ name: "x", type: "float32", shape }],
    [{ name: "y", type: "float32", shape }],
  );
}
