import { CUDA_OPERATORS, OPERATORS } from "./operators";

/** Where a model computes. With `cuda`, what the GPU lacks runs on the processor. */
export type ModelProvider = "cpu" | "cuda";

/** A declaration of an operator, as the table has it. */
interface Declaration {
  readonly since: number;
  /** Digits of base 36: element types of the first input that load; `*` for any; undefined where it was taken out. */
  readonly types: string | undefined;
  readonly keepsType: boolean;
}

export type Support =
  | "runs"
  /** There is no such operator at that opset. */
  | "not declared"
  | "no kernel"
  /** There is a kernel, but not for this type of the first input. */
  | "no such type";

/** What becomes of an operator. What nobody can tell for certain runs. */
export function supportOf(
  domain: string,
  op: string,
  opset: number,
  elementType: number | undefined,
  provider: ModelProvider,
): Support {
  const declaration = declarationAt(domain, op, opset);
  if (declaration?.types === undefined) return "not declared";
  const { types } = declaration;
  if (provider === "cuda" && (types !== "" || CUDA_OPERATORS[domain]?.includes(op) === true)) return "runs";
  if (types === "") return "no kernel";
  if (types === "*" || elementType === undefined) return "runs";
  return types.includes(elementType.toString(36)) ? "runs" : "no such type";
}

/** Whether an operator's first output has the type of its first input. */
export function outputKeepsType(domain: string, op: string, opset: number | undefined): boolean {
  return opset !== undefined && declarationAt(domain, op, opset)?.keepsType === true;
}

/** Types with which it runs. */
export function supportedTypes(domain: string, op: string, opset: number): number[] {
  const types = declarationAt(domain, op, opset)?.types ?? "";
  return types === "*" ? [] : [...types].map((digit) => parseInt(digit, 36));
}

/** Lines of the table that were read already: a model names the same operators many times. */
const parsed = new Map<string, readonly Declaration[]>();

/** The declaration that an opset has: the newest of those up to it. */
function declarationAt(domain: string, op: string, opset: number): Declaration | undefined {
  const operators = Object.hasOwn(OPERATORS, domain) ? OPERATORS[domain]! : {};
  if (!Object.hasOwn(operators, op)) return undefined;
  const line = operators[op]!;
  const declarations = parsed.get(line) ?? line.split(" ").map(parse);
  parsed.set(line, declarations);
  return declarations.findLast(({ since }) => since <= opset);
}

function parse(text: string): Declaration {
  const [, since, mark, types] = /^(\d+)([:=!])(.*)$/.exec(text)!;
  return { since: Number(since), types: mark === "!" ? undefined : types, keepsType: mark === "=" };
}
