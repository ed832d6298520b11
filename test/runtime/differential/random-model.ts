import fc from "fast-check";
import {
  ELEMENT,
  onnxModel,
  type ElementType,
  type InitializerDeclaration,
  type NodeDeclaration,
} from "../../support/onnx-model";

/** A tensor of [rows, columns], as the graph is built. */
export interface Value {
  readonly name: string;
  readonly type: ElementType;
  readonly columns: number;
}

/** A model as it was thrown together, with what is needed to call it. */
export interface RandomModel {
  readonly bytes: Buffer;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** Whether rows that run together may differ in the last bits from rows that run alone. */
  readonly rounds: boolean;
  /** Whether what a row gives depends on the rows besides it. */
  readonly mixes: boolean;
  readonly nodes: readonly NodeDeclaration[];
}

const FLOATS: readonly ElementType[] = ["float32", "float64"];
const NUMBERS: readonly ElementType[] = [...FLOATS, "int32", "int64"];
const INPUT_TYPES: readonly ElementType[] = [
  ...NUMBERS,
  "bool",
  "string",
  "float16",
  "uint8",
  "int8",
  "int16",
];
/** Types that most operations take. */
const OFTEN: readonly ElementType[] = ["float32", "float32", "float32", "float64", "int64"];
const CASTABLE: readonly ElementType[] = [...NUMBERS, "bool", "uint8", "int8", "int16", "float16"];
const CAST_TO: readonly ElementType[] = ["float32", "float64", "int32", "int64"];

/** Draws one of `choices` by a number that fast-check shrinks. */
const pick = <T>(choices: readonly T[], draw: number): T => choices[draw % choices.length]!;

class Builder {
  readonly values: Value[] = [];
  readonly nodes: NodeDeclaration[] = [];
  readonly initializers: InitializerDeclaration[] = [];
  rounds = false;
  mixes = false;

  constructor(readonly inputs: readonly Value[]) {
    this.values.push(...inputs);
  }

  add(op: string, inputs: readonly string[], type: ElementType, columns: number, attributes = {}): void {
    const name = `v${this.values.length}`;
    this.nodes.push({ op, inputs, outputs: [name], attributes });
    this.values.push({ name, type, columns });
  }

  constant(shape: number[], data: Float32Array | BigInt64Array): string {
    const name = `c${this.initializers.length}`;
    this.initializers.push({ name, shape, data });
    return name;
  }
}

type Operation = (builder: Builder, value: Value, draw: number) => void;

const elementwise =
  (op: string, types: readonly ElementType[]): Operation =>
  (builder, value) => {
    if (types.includes(value.type)) builder.add(op, [value.name], value.type, value.columns);
  };

const pairwise =
  (op: string): Operation =>
  (builder, value, draw) => {
    const others = builder.values.filter(
      ({ type, columns }) => type === value.type && (columns === value.columns || columns === 1),
    );
    if (!NUMBERS.includes(value.type)) return;
    builder.add(op, [value.name, pick(others, draw).name], value.type, value.columns);
  };

/** What rows are when others are there besides them: such a model must not be batched. */
const acrossRows: Operation = (builder, value) => {
  if (!FLOATS.includes(value.type)) return;
  const { name } = value;
  builder.mixes = true;
  builder.add("ReduceMax", [name], value.type, value.columns, { axes: [0], keepdims: 1 });
  builder.add("Sub", [name, `v${builder.values.length - 1}`], value.type, value.columns);
};

const OPERATIONS: readonly Operation[] = [
  pairwise("Add"),
  pairwise("Sub"),
  (builder, value, draw) => {
    // Of inputs only, so that no chain of them reaches what casts cannot hold.
    if (builder.inputs.includes(value)) pairwise("Mul")(builder, value, draw);
  },
  elementwise("Identity", INPUT_TYPES),
  elementwise("Relu", FLOATS),
  elementwise("Neg", NUMBERS),
  (builder, value, draw) => {
    const others = builder.values.filter(({ type }) => type === value.type);
    const other = pick(others, draw);
    builder.add("Concat", [value.name, other.name], value.type, value.columns + other.columns, { axis: 1 });
  },
  (builder, value, draw) => {
    if (!CASTABLE.includes(value.type)) return;
    const type = pick(CAST_TO, draw);
    builder.add("Cast", [value.name], type, value.columns, { to: ELEMENT[type] });
  },
  (builder, value, draw) => {
    const indices = BigInt64Array.from([draw, draw >> 3, draw >> 6], (index) =>
      BigInt(index % value.columns),
    );
    const name = builder.constant([3], indices);
    builder.add("Gather", [value.name, name], value.type, 3, { axis: 1 });
  },
  (builder, value) => {
    if (!NUMBERS.includes(value.type)) return;
    const axes = builder.constant([1], BigInt64Array.of(1n));
    builder.rounds ||= FLOATS.includes(value.type);
    builder.add("ReduceSum", [value.name, axes], value.type, 1, { keepdims: 1 });
  },
  (builder, value, draw) => {
    if (value.type !== "float32") return;
    const columns = 1 + (draw % 5);
    const weights = Float32Array.from(
      { length: value.columns * columns },
      (_, i) => ((i * 7 + draw) % 11) / 8 - 0.5,
    );
    builder.rounds = true;
    builder.add(
      "MatMul",
      [value.name, builder.constant([value.columns, columns], weights)],
      "float32",
      columns,
    );
  },
];

/** Operations that mix rows are rare, so that most models can be batched. */
const STEPS = fc.array(
  fc.record({
    operation: fc.nat(),
    value: fc.nat(),
    draw: fc.nat({ max: 1 << 20 }),
    across: fc.nat({ max: 7 }).map((number) => number === 0),
  }),
  { minLength: 2, maxLength: 10 },
);

const INPUTS = fc.array(
  fc.record({ type: fc.constantFrom(...INPUT_TYPES, ...OFTEN), columns: fc.integer({ min: 1, max: 4 }) }),
  {
    minLength: 1,
    maxLength: 3,
  },
);

/** Random graphs of rows, whose operations each keep the rows. */
export const randomModel: fc.Arbitrary<RandomModel> = fc
  .tuple(INPUTS, STEPS, fc.nat())
  .map(([given, steps, seed]): RandomModel => {
    const inputs = given.map(({ type, columns }, i) => ({ name: `x${i}`, type, columns }));
    const builder = new Builder(inputs);
    for (const { operation, value, draw, across } of steps) {
      const before = builder.nodes.length;
      const operand = pick(builder.values, value);
      if (across) acrossRows(builder, operand, draw);
      // The next operation that the operand's type allows; Identity takes any.
      for (let i = operation; builder.nodes.length === before; i++)
        pick(OPERATIONS, i)(builder, operand, draw);
    }
    // The last one, and another that may be in the middle of the graph.
    const all = builder.values.slice(inputs.length);
    const outputs = [...new Set([all[all.length - 1]!, pick(all, seed)])];
    const declared = ({ name, type, columns }: Value) => ({ name, type, shape: ["rows", columns] as const });
    const bytes = onnxModel(builder.nodes, inputs.map(declared), outputs.map(declared), builder.initializers);
    return { bytes, inputs, outputs, rounds: builder.rounds, mixes: builder.mixes, nodes: builder.nodes };
  });
