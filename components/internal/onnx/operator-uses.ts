import type { OperatorUse } from "./onnx-model";
import { outputKeepsType } from "./supported-operators";

/** The names that a graph sees, with the numbers of their element types: its own and those of the graphs around it. */
export interface Scope {
  readonly types: Map<string, number>;
  readonly outer?: Scope;
}

/** What matters of a node; those of a graph come in the order in which they run. */
export interface GraphNode {
  readonly domain: string;
  readonly op: string;
  readonly name: string;
  /** Its first input and output, "" where there is none. */
  readonly input: string;
  readonly output: string;
  /** Type that a Cast makes. */
  readonly castTo: number | undefined;
  readonly scope: Scope;
}

/** A function that the model brings with it. */
export interface FunctionBody {
  readonly domain: string;
  readonly name: string;
  readonly opsets: ReadonlyMap<string, number>;
  readonly nodes: readonly GraphNode[];
}

/** Both names of ONNX's own domain are one. */
export function plainDomain(domain: string): string {
  return domain === "ai.onnx" ? "" : domain;
}

/** Each operator once for each type of its first input, of the nodes and of the functions that they call, however deep. */
export function operatorUses(
  nodes: readonly GraphNode[],
  opsets: ReadonlyMap<string, number>,
  functions: readonly FunctionBody[],
): OperatorUse[] {
  const bodies = new Map<string, FunctionBody[]>();
  for (const body of functions) {
    const key = keyOf(body.domain, body.name);
    // Functions of one name differ in their overloads; whichever is called, all are looked into.
    const same = bodies.get(key);
    if (same) same.push(body);
    else bodies.set(key, [body]);
  }
  const uses = new Map<string, OperatorUse>();
  const called = new Set<string>();
  const waiting: Pick<FunctionBody, "nodes" | "opsets">[] = [{ nodes, opsets }];
  for (let body = waiting.pop(); body !== undefined; body = waiting.pop()) {
    for (const node of body.nodes) {
      const key = keyOf(node.domain, node.op);
      const found = bodies.get(key);
      if (found !== undefined) {
        if (!called.has(key)) for (const inner of found) waiting.push(inner);
        called.add(key);
        continue;
      }
      const { domain, op } = node;
      const opset = body.opsets.get(domain) ?? opsets.get(domain);
      const elementType = typeOf(node.input, node.scope);
      learnOutput(node, opset, elementType);
      const use = `${key}:${opset}:${elementType}`;
      if (!uses.has(use)) uses.set(use, { domain, op, opset, node: node.name || node.output, elementType });
    }
  }
  return [...uses.values()];
}

const keyOf = (domain: string, name: string): string => `${domain}:${name}`;

function typeOf(name: string, scope: Scope): number | undefined {
  if (name === "") return undefined;
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
    const type = at.types.get(name);
    if (type !== undefined && type > 0) return type;
  }
  return undefined;
}

function learnOutput(
  { domain, op, output, castTo, scope }: GraphNode,
  opset: number | undefined,
  elementType: number | undefined,
): void {
  if (output === "" || scope.types.has(output)) return;
  const type =
    domain === "" && op === "Cast" ? castTo : outputKeepsType(domain, op, opset) ? elementType : undefined;
  if (type !== undefined) scope.types.set(output, type);
}
