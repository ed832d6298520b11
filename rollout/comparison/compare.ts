import { readTensor, type Answer, type Element, type OutputTensor } from "./answer";
import { ruleFor, type ComparisonRules, type TensorRule } from "./rules";
import { topKAgreement, type TopKAgreement } from "./top-k";

/** What can differ between two outputs beside their values. */
export const MISMATCHES = ["missing", "unexpected", "datatype", "shape", "unusable"] as const;
export type Mismatch = (typeof MISMATCHES)[number];

export interface Difference {
  readonly output: string;
  readonly kind: Mismatch | "values";
  /** With the numbers of both. */
  readonly sentence: string;
}

/** Two outputs that could be compared element by element. */
export interface TensorComparison {
  readonly output: string;
  readonly elements: number;
  /** Elements that differ by more than the rule allows. */
  readonly outside: number;
  /** Greatest distance of two numbers; null where it is none: NaN or an infinity on one side alone, or no numbers. */
  readonly worst: number | null;
  /** Place of the worst in row-major order. */
  readonly worstAt: number;
  readonly topK?: TopKAgreement;
  readonly live: readonly Element[];
  readonly candidate: readonly Element[];
}

/** Two answers to one request. */
export interface Comparison {
  readonly equal: boolean;
  readonly differences: readonly Difference[];
  readonly tensors: readonly TensorComparison[];
}

/** Compares the candidate's answer with the live slot's. Answers come from servers: whatever they hold, it is reported, not thrown. */
export function compareAnswers(live: Answer, candidate: Answer, rules: ComparisonRules = {}): Comparison {
  const ours = byName(live);
  const theirs = byName(candidate);
  const differences: Difference[] = [];
  const tensors: TensorComparison[] = [];
  for (const [name, tensor] of ours) {
    const other = theirs.get(name);
    if (other === undefined) {
      differences.push({ output: name, kind: "missing", sentence: `output \`${name}\` is missing` });
      continue;
    }
    const found = compareTensors(tensor, other, ruleFor(rules, name));
    if ("kind" in found) differences.push(found);
    else {
      tensors.push(found);
      if (found.outside > 0) differences.push(valuesDiffer(found));
    }
  }
  for (const name of theirs.keys()) {
    if (ours.has(name)) continue;
    const sentence = `output \`${name}\` is not one of the live slot's`;
    differences.push({ output: name, kind: "unexpected", sentence });
  }
  return { equal: differences.length === 0, differences, tensors };
}

function byName({ outputs }: Answer): Map<string, OutputTensor> {
  const list = Array.isArray(outputs) ? (outputs as readonly unknown[]) : [];
  const tensors = list.filter(
    (output): output is OutputTensor =>
      typeof output === "object" && output !== null && typeof (output as OutputTensor).name === "string",
  );
  return new Map(tensors.map((tensor) => [tensor.name, tensor]));
}

function valuesDiffer({ output, elements, outside, worst, worstAt }: TensorComparison): Difference {
  const by = worst === null ? "in what is no number" : `by up to ${Number(worst.toPrecision(4))}`;
  return {
    output,
    kind: "values",
    sentence: `output \`${output}\`: ${outside} of ${elements} values differ ${by}, the most at ${worstAt}`,
  };
}

function compareTensors(
  live: OutputTensor,
  candidate: OutputTensor,
  rule: Required<TensorRule>,
): TensorComparison | Difference {
  const output = live.name;
  const differs = (kind: Mismatch, what: string): Difference => ({
    output,
    kind,
    sentence: `output \`${output}\` ${what}`,
  });
  if (live.datatype !== candidate.datatype) {
    return differs(
      "datatype",
      `is ${String(candidate.datatype)}, the live slot's is ${String(live.datatype)}`,
    );
  }
  const ours = readTensor(live);
  const theirs = readTensor(candidate);
  if ("unusable" in ours) return differs("unusable", `of the live slot ${ours.unusable}`);
  if ("unusable" in theirs) return differs("unusable", `of the candidate ${theirs.unusable}`);
  if (ours.shape.length !== theirs.shape.length || ours.shape.some((size, i) => size !== theirs.shape[i])) {
    return differs(
      "shape",
      `has shape [${theirs.shape.join(", ")}], the live slot's [${ours.shape.join(", ")}]`,
    );
  }
  const rowLength = ours.shape.at(-1) ?? 1;
  return {
    output,
    ...compareElements(ours.elements, theirs.elements, rule),
    ...(rule.topK > 0 && { topK: topKAgreement(ours.elements, theirs.elements, rowLength, rule.topK) }),
    live: ours.elements,
    candidate: theirs.elements,
  };
}

function compareElements(
  live: readonly Element[],
  candidate: readonly Element[],
  rule: Required<TensorRule>,
): Pick<TensorComparison, "elements" | "outside" | "worst" | "worstAt"> {
  let outside = 0;
  let worst = 0;
  let worstAt = 0;
  let incomparableAt = -1;
  for (let i = 0; i < live.length; i++) {
    const one = live[i]!;
    const other = candidate[i]!;
    const distance = distanceOf(one, other, rule.nanEqual);
    if (distance > worst && distance < Infinity) {
      worst = distance;
      worstAt = i;
    }
    if (distance === 0) continue;
    if (distance === Infinity) {
      outside++;
      if (incomparableAt < 0) incomparableAt = i;
    } else if (distance > rule.absolute + rule.relative * Math.abs(Number(one))) {
      outside++;
    }
  }
  const found = incomparableAt >= 0 ? { worst: null, worstAt: incomparableAt } : { worst, worstAt };
  return { elements: live.length, outside, ...found };
}

/** How far apart two elements are; infinite where no number says so. */
function distanceOf(one: Element, other: Element, nanEqual: boolean): number {
  if (one === null || other === null) return Infinity;
  if (one === other) return 0;
  if (typeof one === "string" || typeof other === "string") return Infinity;
  // 64-bit integers differ where the numbers nearest to them do not.
  if (typeof one === "bigint" && typeof other === "bigint")
    return Number(one > other ? one - other : other - one);
  const distance = Math.abs(Number(one) - Number(other));
  if (!Number.isNaN(distance)) return distance;
  const bothNaN = Number.isNaN(Number(one)) && Number.isNaN(Number(other));
  return bothNaN && nanEqual ? 0 : Infinity;
}
