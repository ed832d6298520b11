import type { InputRules } from "./model-config-types";
import { readOnnxModel, valueDependent, type Graph, type GraphNode, type OnnxModel } from "./onnx-graph";

/** ONNX's numbers of element types. */
const [INT32, INT64, UINT32, UINT64] = [6, 7, 12, 13] as const;
/** Types of which no value becomes -1 or the least INT32, whatever they are cast to. */
const SMALL_UNSIGNED: ReadonlySet<number> = new Set([2, 4, 9]);
const SMALL_SIGNED: ReadonlySet<number> = new Set([3, 5]);

interface Whole {
  readonly name: string;
  /** The quotient of this and -1 has no place in the type. */
  readonly least: number;
  readonly shown: string;
}

const WHOLE: ReadonlyMap<number, Whole> = new Map([
  [INT32, { name: "INT32", least: -(2 ** 31), shown: "-2147483648" }],
  [INT64, { name: "INT64", least: -(2 ** 63), shown: "-9223372036854775808" }],
]);

/** Operators that hand values on as they are, or cast, with the inputs that they take them from; undefined for all of them. */
const MOVES: ReadonlyMap<string, number | undefined> = new Map<string, number | undefined>([
  ["Cast", 0],
  ["Compress", 0],
  ["Concat", undefined],
  ["Expand", 0],
  ["Flatten", 0],
  ["Gather", 0],
  ["GatherElements", 0],
  ["GatherND", 0],
  ["Identity", 0],
  ["Reshape", 0],
  ["Slice", 0],
  ["Split", 0],
  ["Squeeze", 0],
  ["Tile", 0],
  ["Transpose", 0],
  ["Unsqueeze", 0],
]);

/** Rules for inputs as `model.json` gives them. */
export type Rules = Readonly<Record<string, InputRules>>;

/** Values that are those of inputs. */
interface Moved {
  readonly type: number;
  readonly inputs: ReadonlySet<string>;
}

/**
 * Why a model cannot be served because a client could end the server with it, as one sentence; undefined where none could.
 * onnxruntime divides whole numbers with the processor's instruction, and that raises SIGFPE for the least number and -1,
 * which ends the process.
 *
 * What it sees: `Div` and `Mod` of INT32 and INT64, also in bodies of control flow, whose divisor is an input's values, at most
 * moved or cast on their way, and whose dividend follows from any input's values. Divisors that follow from shapes, as
 * exporters make many, or from constants are fine. Divisors that are computed from inputs are let pass, too: most of them are
 * computed so that they suit. Functions of a model's own are not looked into.
 */
export function refusedDivision(bytes: Uint8Array, rules: Rules = {}): string | undefined {
  let model: OnnxModel;
  try {
    model = readOnnxModel(bytes);
  } catch {
    // onnxruntime decides what it is.
    return undefined;
  }
  const { inputs } = model.graph;
  const moved = new Map<string, Moved>();
  for (const [name, type] of inputs) moved.set(name, { type, inputs: new Set([name]) });
  return new Division(inputs, valueDependent(model.graph), moved, rules).refusalIn(model.graph);
}

class Division {
  constructor(
    private readonly types: ReadonlyMap<string, number>,
    private readonly dependent: ReadonlySet<string>,
    private readonly moved: Map<string, Moved>,
    private readonly rules: Rules,
  ) {}

  refusalIn({ nodes }: Graph): string | undefined {
    for (const node of nodes) {
      for (const body of node.graphs) {
        const refused = this.refusalIn(body);
        if (refused !== undefined) return refused;
      }
      const refused = this.refusalOf(node);
      if (refused !== undefined) return refused;
      this.follow(node);
    }
    return undefined;
  }

  private refusalOf({ op, domain, inputs, numbers }: GraphNode): string | undefined {
    if ((op !== "Div" && op !== "Mod") || domain !== "") return undefined;
    // `fmod` divides as C does with floating-point numbers.
    if (op === "Mod" && numbers.get("fmod")) return undefined;
    const divisor = this.moved.get(inputs[1] ?? "");
    const whole = divisor && WHOLE.get(divisor.type);
    if (!whole || !this.mayBeLeast(inputs[0] ?? "", divisor.type, whole)) return undefined;
    const input = [...divisor.inputs].find((name) => this.mayBeMinusOne(name));
    if (input === undefined) return undefined;
    return `\`${op}\` in \`model.onnx\` divides ${whole.name} numbers by the values of the input \`${input}\`: ${whole.shown} and -1 would end the server. Give \`${input}\` a rule under \`validation\` in \`model.json\` that leaves -1 out, such as \`{"min": 0}\`, or divide floating-point numbers in the model.`;
  }

  private follow({ op, domain, inputs, outputs, numbers }: GraphNode): void {
    if (domain !== "" || !MOVES.has(op)) return;
    const place = MOVES.get(op);
    const taken = (place === undefined ? inputs : [inputs[place] ?? ""]).flatMap(
      (name) => this.moved.get(name) ?? [],
    );
    if (taken.length === 0) return;
    const type = op === "Cast" ? (numbers.get("to") ?? 0) : taken[0]!.type;
    const sources = new Set(taken.flatMap((from) => [...from.inputs]));
    for (const name of outputs) this.moved.set(name, { type, inputs: sources });
  }

  private mayBeMinusOne(input: string): boolean {
    const type = this.types.get(input)!;
    if (SMALL_UNSIGNED.has(type)) return false;
    const { min, max, values } = this.rules[input] ?? {};
    // Cast to a signed type, the largest numbers of these become -1.
    if (type === UINT32 || type === UINT64) return max === undefined || max >= 2 ** 31;
    if (values !== undefined) return values.some((value) => Number(value) === -1);
    // A cast cuts the fraction off.
    return !((min !== undefined && min > -1) || (max !== undefined && max <= -2));
  }

  private mayBeLeast(dividend: string, type: number, { least }: Whole): boolean {
    const moved = this.moved.get(dividend);
    if (!moved) return this.dependent.has(dividend);
    return [...moved.inputs].some((name) => {
      const own = this.types.get(name)!;
      if (SMALL_UNSIGNED.has(own) || SMALL_SIGNED.has(own)) return false;
      if (type === INT64 && (own === INT32 || own === UINT32)) return false;
      const { min } = this.rules[name] ?? {};
      return own !== type || min === undefined || min <= least;
    });
  }
}
