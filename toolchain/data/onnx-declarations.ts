/**
 * Asks onnxruntime about operators in a process of its own: some models that are no good end it.
 */
import { load } from "./onnx-load";
import { ask, declaredSince, keepsType, type Answer } from "./onnx-probe";

/** Opset of ai.onnx from which Cast takes the type as a number. */
const FIRST_CASTS = 6;

/** An operator to ask about. */
export interface Question {
  readonly op: string;
  readonly domain: string;
  /** The newest opset of the domain. */
  readonly newest: number;
  /** Only whether and since when there is such an operator, not with which types it loads. */
  readonly brief: boolean;
}

/** ONNX's numbers of element types, without complex ones, which onnxruntime lacks. */
const TYPES = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26];

/** Most texts are no operators, so that three questions spare one for each opset; none came and went between these. */
async function isDeclared(op: string, domain: string, newest: number): Promise<boolean> {
  for (const opset of [newest, 9, 1]) {
    if (opset <= newest && (await declaredSince(load, op, domain, opset)) !== undefined) return true;
  }
  return false;
}

/** `VERSION:TYPES` for each declaration, `VERSION!` from where there is none any more. */
async function declarations({ op, domain, newest, brief }: Question): Promise<string | undefined> {
  if (!(await isDeclared(op, domain, newest))) return undefined;
  const parts: string[] = [];
  const versions: (number | undefined)[] = [];
  for (let opset = 1; opset <= newest; opset++) versions.push(await declaredSince(load, op, domain, opset));
  for (const [i, since] of versions.entries()) {
    if (since === versions[i - 1]) continue;
    if (since === undefined) parts.push(`${i + 1}!`);
    else if (brief) parts.push(`${since}:*`);
    else parts.push(...(await span(op, domain, since, i + 1, versions.lastIndexOf(since) + 1)));
  }
  // A declaration that changed nothing here needs no word.
  const changes = parts.filter((part, i) => part.replace(/^\d+/, "") !== parts[i - 1]?.replace(/^\d+/, ""));
  return changes.length === 0 ? undefined : changes.join(" ");
}

/** Types by which it shows whether an operator changes from one opset to the next. */
const TELLING = [1, 6, 7, 10, 11, 16];

/**
 * What holds from one opset to another, in which there is the same declaration. What onnxruntime runs as a function of other
 * operators loads with some opsets of the others and not with the rest.
 */
async function span(op: string, domain: string, since: number, from: number, to: number): Promise<string[]> {
  const parts: string[] = [];
  let before = "";
  // Where it still holds then, it is asked about at the first opset in which onnxruntime can put in casts.
  for (let opset = Math.max(from, Math.min(to, FIRST_CASTS)); opset <= to; opset++) {
    const verdicts = [];
    for (const type of TELLING) verdicts.push((await ask(load, { op, domain, opset }, type)).verdict);
    const now = verdicts.join();
    if (now !== before) parts.push(`${parts.length === 0 ? since : opset}${await types(op, domain, opset)}`);
    before = now;
  }
  return parts;
}

/**
 * Element types of the first input that load, as digits of base 36; `*` where nobody can tell. After `=` where
 * the first output has the same type, else after `:`.
 */
async function types(op: string, domain: string, opset: number): Promise<string> {
  const answers: Answer[] = [];
  for (const type of TYPES) answers.push(await ask(load, { op, domain, opset }, type));
  // What is not known counts as loading: a model must not be refused for what nobody can tell.
  const loading = TYPES.filter((_, i) => ["loads", "not known"].includes(answers[i]!.verdict));
  if (answers.some(({ verdict }) => verdict === "loads")) {
    const digits = loading.map((type) => type.toString(36)).join("");
    return `${(await keepsType(load, answers)) ? "=" : ":"}${digits}`;
  }
  if (loading.length > 0) return ":*";
  if (answers.some(({ verdict }) => verdict === "no kernel")) return ":";
  // No tensor comes first: a sequence, a map or nothing.
  return (await ask(load, { op, domain, opset }, undefined)).verdict === "no kernel" ? ":" : ":*";
}

process.on("message", (question: Question) => {
  void declarations(question).then((answer) => process.send!({ answer }));
});
