import { nodeModel, type NodeModel, type ProbeType } from "./onnx-node-model";

/** What became of a model. */
export interface Loaded {
  /** Why it was refused, in onnxruntime's words. */
  readonly sentence?: string;
  /** ONNX's number of its first output's element type, where it was loaded and that is a tensor. */
  readonly outputType?: number;
}

export type Load = (bytes: Uint8Array) => Promise<Loaded>;

export interface Answer {
  readonly verdict: "loads" | "no kernel" | "no such type" | "not known";
  /** The model that was loaded, and what it gives. */
  readonly model?: NodeModel;
  readonly outputType?: number;
}

/** Element types that are tried for inputs beyond the first, likeliest first. */
const OTHERS: readonly ProbeType[] = [1, 7, 6, 2, 9, 8, 10, 11, 3, 16, 21, 22, 17, { sequenceOf: 1 }];

/** Loads of one question: enough for every operator whose inputs have up to three types. */
const MOST_LOADS = 150;

/** Loads after a kernel was missing: another type of a later input may have one. */
const MOST_AFTER_MISSING = 15;

/** Sentences of the checks that come before kernels are looked up. */
const BEFORE_KERNELS =
  /invalid model|Type Error|InferenceError|INVALID_GRAPH|Node \(|not a registered|graph\.cc/;

/** Opsets before 6 have no Cast that onnxruntime could put in for a type without a kernel. */
const MISSING_KERNEL = /Could not find an implementation|Failed to find kernel|InsertedPrecisionFreeCast/;

/**
 * Whether onnxruntime finds a kernel for an operator whose first input has a type. Everything else that the operator needs is
 * learnt from the sentences with which onnxruntime refuses the tries.
 */
export async function ask(
  load: Load,
  { op, domain, opset }: Pick<NodeModel, "op" | "domain" | "opset">,
  first: ProbeType | undefined,
): Promise<Answer> {
  const choices: readonly ProbeType[] = first === undefined ? OTHERS : [first, ...OTHERS];
  const attributes: Record<string, string> = {};
  let picks: number[] = first === undefined ? [] : [0];
  let outputs = 1;
  let missing = 0;
  let verdict: Answer["verdict"] = "not known";
  for (let loads = 0; loads < MOST_LOADS; loads++) {
    const inputs = picks.map((pick) => choices[pick]!);
    const model = { op, domain, opset, inputs, outputs, attributes };
    const { sentence, outputType } = await load(nodeModel(model));
    if (sentence === undefined) return { verdict: "loads", model, outputType };
    const noKernel = MISSING_KERNEL.test(sentence);
    const count = /has (input|output) size \d+ not in range \[min=(\d+), max=(\d+)\]/.exec(sentence);
    const required = /Required attribute '(\w+)' is missing/.exec(sentence);
    const mismatch = /Mismatched attribute type in '.*: (\w+)'\. Expected: '(\w+)'/.exec(sentence);
    if (count) {
      const least = Number(count[2]);
      if (count[1] === "output") outputs = least > 1 ? least : Math.min(1, Number(count[3]));
      else if (first !== undefined && Number(count[3]) === 0) return { verdict: "no such type" };
      else picks = Array.from({ length: Math.max(least, first === undefined ? 0 : 1) }, () => 0);
      continue;
    }
    if (required) {
      attributes[required[1]!] = "INT";
      continue;
    }
    if (mismatch && !noKernel && attributes[mismatch[1]!] !== mismatch[2]) {
      attributes[mismatch[1]!] = mismatch[2]!;
      continue;
    }
    const wrongInput = /of input parameter \(i(\d+)\)/.exec(sentence);
    if (wrongInput?.[1] === "0" && first !== undefined) return { verdict: "no such type" };
    if (noKernel) {
      verdict = "no kernel";
      if (++missing > MOST_AFTER_MISSING) return { verdict };
    } else if (!BEFORE_KERNELS.test(sentence)) {
      // The kernel was found and did not like what it got.
      return { verdict: "loads" };
    }
    const at = wrongInput ? Number(wrongInput[1]) : picks.length - 1;
    if (!advance(picks, at, choices.length, first === undefined ? 0 : 1)) return { verdict };
  }
  return { verdict };
}

/** The next pick at a place, and the first ones behind it; false where all were tried. */
function advance(picks: number[], at: number, choices: number, from: number): boolean {
  picks.fill(0, at + 1);
  for (let i = at; i >= from; i--) {
    if (picks[i]! + 1 < choices) {
      picks[i]!++;
      return true;
    }
    picks[i] = 0;
  }
  return false;
}

/** Whether the first output of an operator has the first input's type, whatever the others have. */
export async function keepsType(load: Load, answers: readonly Answer[]): Promise<boolean> {
  const told = answers.filter(({ outputType }) => outputType !== undefined);
  if (told.length < 2 || told.some(({ model, outputType }) => model?.inputs[0] !== outputType)) return false;
  for (const { model } of told) {
    for (let i = 1; i < (model?.inputs.length ?? 0); i++) {
      for (const other of OTHERS) {
        const inputs = model!.inputs.with(i, other);
        const { outputType } = await load(nodeModel({ ...model!, inputs }));
        if (outputType !== undefined && outputType !== inputs[0]) return false;
      }
    }
  }
  return true;
}

/** The version of an operator's declaration that an opset has; undefined where it has none. */
export async function declaredSince(
  load: Load,
  op: string,
  domain: string,
  opset: number,
): Promise<number | undefined> {
  // So many inputs and outputs that the declaration is named in the refusal.
  for (const [inputs, outputs] of [
    [60, 1],
    [1, 60],
    [0, 1],
    [1, 0],
  ] as const) {
    const many = Array<ProbeType>(inputs).fill(1);
    const { sentence } = await load(nodeModel({ op, domain, opset, inputs: many, outputs, attributes: {} }));
    if (sentence === undefined) continue;
    if (/No Op registered|not a registered function|is deprecated/.test(sentence)) return undefined;
    const since =
      /with schema\([^)]*:(\d+)\)/.exec(sentence) ?? /implementation for \w+\((\d+)\)/.exec(sentence);
    if (since) return Number(since[1]);
  }
  return opset;
}
