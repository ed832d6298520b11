import { Writer } from "protobufjs/minimal";

/** ONNX's number of an element type; or of what a sequence holds. */
export type ProbeType = number | { readonly sequenceOf: number };

/** A model of one node whose inputs and outputs are the graph's own. */
export interface NodeModel {
  readonly op: string;
  readonly domain: string;
  readonly opset: number;
  readonly inputs: readonly ProbeType[];
  readonly outputs: number;
  /** By name: kind of value, as onnxruntime names it. */
  readonly attributes: Readonly<Record<string, string>>;
  /** @default 8 */
  readonly irVersion?: number;
}

/** Opset of ai.onnx beside another domain's. */
const BESIDE = 17;

const message = (write: (writer: Writer) => void): Uint8Array => {
  const writer = Writer.create();
  write(writer);
  return writer.finish();
};

const typeProto = (type: ProbeType): Uint8Array =>
  typeof type === "number"
    ? message((w) => w.uint32(10).bytes(message((tensor) => tensor.uint32(8).int32(type))))
    : message((w) => w.uint32(34).bytes(message((seq) => seq.uint32(10).bytes(typeProto(type.sequenceOf)))));

const valueInfo = (name: string, type?: ProbeType): Uint8Array =>
  message((w) => {
    w.uint32(10).string(name);
    if (type !== undefined) w.uint32(18).bytes(typeProto(type));
  });

/** A graph without inputs that gives one number. */
const SUBGRAPH = message((w) => {
  const value = message((tensor) => tensor.uint32(16).int32(1).uint32(37).float(1));
  const constant = message((a) => a.uint32(10).string("value").uint32(42).bytes(value).uint32(160).int32(4));
  w.uint32(10).bytes(
    message((node) => node.uint32(18).string("s").uint32(34).string("Constant").uint32(42).bytes(constant)),
  );
  w.uint32(18).string("body").uint32(98).bytes(valueInfo("s", 1));
});

/** How a value of each kind is written, and the kind's number in AttributeProto. */
const VALUES: Readonly<Record<string, (writer: Writer) => void>> = {
  FLOAT: (w) => w.uint32(21).float(1).uint32(160).int32(1),
  INT: (w) => w.uint32(24).int64(1).uint32(160).int32(2),
  STRING: (w) => w.uint32(34).string("x").uint32(160).int32(3),
  TENSOR: (w) =>
    w
      .uint32(42)
      .bytes(message((tensor) => tensor.uint32(8).int64(1).uint32(16).int32(1).uint32(37).float(1)))
      .uint32(160)
      .int32(4),
  GRAPH: (w) => w.uint32(50).bytes(SUBGRAPH).uint32(160).int32(5),
  FLOATS: (w) => w.uint32(61).float(1).uint32(160).int32(6),
  INTS: (w) => w.uint32(64).int64(1).uint32(160).int32(7),
  STRINGS: (w) => w.uint32(74).string("x").uint32(160).int32(8),
};

/** The bytes of its file. */
export function nodeModel({
  op,
  domain,
  opset,
  inputs,
  outputs,
  attributes,
  irVersion = 8,
}: NodeModel): Uint8Array {
  const node = message((w) => {
    inputs.forEach((_, i) => w.uint32(10).string(`i${i}`));
    for (let i = 0; i < outputs; i++) w.uint32(18).string(`o${i}`);
    w.uint32(34).string(op).uint32(58).string(domain);
    for (const [name, kind] of Object.entries(attributes)) {
      w.uint32(42).bytes(
        message((a) => {
          a.uint32(10).string(name);
          VALUES[kind]?.(a);
        }),
      );
    }
  });
  const graph = message((w) => {
    w.uint32(10).bytes(node).uint32(18).string("graph");
    inputs.forEach((type, i) => w.uint32(90).bytes(valueInfo(`i${i}`, type)));
    for (let i = 0; i < outputs; i++) w.uint32(98).bytes(valueInfo(`o${i}`));
  });
  const opsets: [string, number][] =
    domain === ""
      ? [["", opset]]
      : [
          ["", BESIDE],
          [domain, opset],
        ];
  return message((w) => {
    w.uint32(8).int64(irVersion).uint32(58).bytes(graph);
    for (const [name, version] of opsets) {
      w.uint32(66).bytes(message((o) => o.uint32(10).string(name).uint32(16).int64(version)));
    }
  });
}
