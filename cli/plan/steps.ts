import type { StepRecord } from "../engine/events";

export type Operation = "create" | "update" | "replace" | "delete" | "import";

/** What the plan does to one resource: the engine's several steps of a replacement are one change. */
export interface ResourceChange {
  op: Operation;
  urn: string;
  type: string;
  /** Undefined where the resource is made. */
  before?: Record<string, unknown>;
  /** Outputs of the state; some providers compare with them instead of with the inputs. */
  outputsBefore?: Record<string, unknown>;
  /** Undefined where the resource is removed. */
  after?: Record<string, unknown>;
  diff: Readonly<Record<string, { diffKind: string; inputDiff?: boolean }>>;
  /** Paths that force the replacement. */
  replaceKeys: readonly string[];
  /** The old one is deleted before the new one is made. */
  deletedFirst: boolean;
  /** It leaves the state, and stays where it is. */
  retained: boolean;
  /** A component or a provider: it stands for others and is nothing by itself. */
  grouping: boolean;
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  replace: "replace",
  "create-replacement": "replace",
  "import-replacement": "replace",
  create: "create",
  update: "update",
  import: "import",
  delete: "delete",
  // Alone it is what an interrupted update left behind: the replacement is there already.
  "delete-replaced": "delete",
};

function operationOf(ops: ReadonlySet<string>): Operation | undefined {
  const found = Object.keys(OPERATIONS).find((op) => ops.has(op));
  return found === undefined ? undefined : OPERATIONS[found];
}

function changeOf(steps: readonly StepRecord[]): ResourceChange | undefined {
  const op = operationOf(new Set(steps.map((step) => step.op)));
  if (op === undefined) return undefined;
  const described =
    steps.find((step) => step.op === "replace") ?? steps.find((step) => OPERATIONS[step.op] === op)!;
  const made = steps.findIndex((step) => /^(create|import)-replacement$/.test(step.op));
  const removed = steps.findIndex((step) => step.op === "delete-replaced");
  const before = steps.find((step) => step.oldInputs !== undefined);
  const after = steps.find((step) => step.op !== "delete" && step.op !== "delete-replaced");
  return {
    op,
    urn: described.urn,
    type: described.type,
    before: before?.oldInputs,
    outputsBefore: before?.oldOutputs,
    after: op === "delete" ? undefined : after?.inputs,
    diff: described.detailedDiff ?? Object.fromEntries((described.diffs ?? []).map((key) => [key, UPDATED])),
    replaceKeys: described.replaceKeys ?? [],
    deletedFirst: removed >= 0 && removed < made,
    retained: steps.some((step) => step.retained === true),
    grouping: described.provider === "" || described.type.startsWith("pulumi:"),
  };
}

const UPDATED = { diffKind: "update", inputDiff: true };

function byUrn(steps: readonly StepRecord[]): StepRecord[][] {
  const groups = new Map<string, StepRecord[]>();
  for (const step of steps) {
    const group = groups.get(step.urn);
    if (group) group.push(step);
    else groups.set(step.urn, [step]);
  }
  return [...groups.values()];
}

/** One change for each resource that something happens to. Only the order of a resource's own steps counts. */
export function changesOf(steps: readonly StepRecord[]): ResourceChange[] {
  return byUrn(steps.filter(({ op }) => op !== "refresh")).flatMap((group) => changeOf(group) ?? []);
}

/** A resource, whether anything happens to it or not. */
export interface Resource {
  type: string;
  /** Undefined where it is made. */
  id?: string;
  parent?: string;
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
}

/** Every resource's inputs before and after, also of those that stay as they are. */
export function resourcesOf(steps: readonly StepRecord[]): Resource[] {
  return byUrn(steps.filter(({ op }) => op !== "refresh" && op !== "read")).map((group) => {
    const { type, inputs, oldInputs, parent } = group[0]!;
    const { before, after } = changeOf(group) ?? { before: oldInputs ?? inputs, after: inputs };
    return { type, id: group.find(({ id }) => id !== undefined)?.id, parent, before, after };
  });
}
