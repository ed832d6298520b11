import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation";
import type { Task } from "../../toolchain/progress";

export interface Violation {
  policy: string;
  pack: string;
  message: string;
  urn: string;
  mandatory: boolean;
}

export interface StepRecord {
  op: string;
  urn: string;
  type: string;
  provider: string;
  /** As the provider gave it; undefined for what is made, and for components. */
  id?: string;
  /** URN of what it was declared in; undefined for the stack itself. */
  parent?: string;
  /** What the program wants; for a deletion, what the state has. */
  inputs: Record<string, unknown>;
  /** Inputs in the state; undefined for what is made. */
  oldInputs?: Record<string, unknown>;
  oldOutputs?: Record<string, unknown>;
  /** Property path → kind of difference, where the provider says it. */
  detailedDiff?: Record<string, { diffKind: string; inputDiff?: boolean }>;
  /** Top-level properties that differ. */
  diffs?: string[];
  /** Property paths that force a replacement. */
  replaceKeys?: string[];
  /** It is only taken out of the state, and stays where it is. */
  retained?: boolean;
}

/** What a refresh found to differ from the state. */
export interface DriftRecord {
  /** `delete` where it is gone. */
  op: "update" | "delete";
  urn: string;
  type: string;
  /** As the state had it. */
  oldInputs: Record<string, unknown>;
  /** As it really is. */
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
  detailedDiff?: Record<string, { diffKind: string; inputDiff?: boolean }>;
}

/** What one engine operation said, gathered from its event stream. */
export interface Outcome {
  steps: StepRecord[];
  /** What differs from the state in reality; only an operation that refreshes has any. */
  drift?: DriftRecord[];
  violations: Violation[];
  /** Error diagnostics: the engine's and the program's, without colour codes. */
  errors: string[];
  warnings: string[];
  /** Operation (create, update, same, …) → number of resources. */
  changes: Record<string, number>;
  /** The stack's outputs; secret ones are masked. Undefined where the program did not come to its end. */
  outputs?: Record<string, unknown>;
}

const VERBS: Record<string, string> = {
  create: "creating",
  update: "updating",
  delete: "deleting",
  replace: "replacing",
  read: "reading",
  refresh: "refreshing",
};

const STACK_TYPE = "pulumi:pulumi:Stack";

/** The last part of a URN: the resource's name as the program gave it. */
export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

const kindOf = (type: string) => type.slice(type.lastIndexOf(":") + 1);

// The engine writes colour directives as <{%reset%}>.
const plain = (text: string) => text.replace(/<\{%.*?%\}>/g, "").trim();

/** Left out where there is nothing, so that an outcome stays as small as what was said. */
const given = <K extends string, T>(key: K, value: T | null | undefined) =>
  (value === null || value === undefined ? {} : { [key]: value }) as { [key in K]?: T };

function stepOf({ op, urn, type, provider, ...metadata }: StepEventMetadata): StepRecord {
  const { new: state, old, detailedDiff, diffs, keys } = metadata;
  return {
    op,
    urn,
    type,
    provider,
    ...given("id", old?.id || undefined),
    ...given("parent", (state ?? old)?.parent || undefined),
    inputs: (state ?? old)?.inputs ?? {},
    ...given("oldInputs", old?.inputs),
    // Of what stays nobody asks for them, and they are large.
    ...given("oldOutputs", op === "same" ? undefined : old?.outputs),
    ...given("detailedDiff", detailedDiff),
    ...given("diffs", diffs),
    ...given("replaceKeys", keys),
    ...(old?.retainOnDelete ? { retained: true } : {}),
  };
}

/** What a refresh ended with: nothing there, or inputs that differ from the state's. */
function driftOf({ urn, type, old, new: now, detailedDiff }: StepEventMetadata): DriftRecord | undefined {
  if (!old) return undefined;
  const differs = Object.keys(detailedDiff ?? {}).length > 0;
  if (now && !differs && JSON.stringify(now.inputs) === JSON.stringify(old.inputs)) return undefined;
  return {
    op: now ? "update" : "delete",
    urn,
    type,
    oldInputs: old.inputs ?? {},
    inputs: now?.inputs ?? {},
    outputs: now?.outputs ?? {},
    ...given("detailedDiff", detailedDiff),
  };
}

/** Gathers an operation's outcome while telling a person what is being worked on. */
export function collectEvents(task: Task): { outcome: Outcome; onEvent: (event: EngineEvent) => void } {
  const outcome: Outcome = { steps: [], violations: [], errors: [], warnings: [], changes: {} };
  const running = new Map<string, string>();
  const refreshing = new Set<string>();
  let finished = 0;

  const show = () => {
    const now = [...running.values()];
    const more = now.length > 2 ? ` and ${now.length - 2} more` : "";
    task.update(`${finished} done${now.length ? `, ${now.slice(0, 2).join(", ")}${more}` : ""}`);
  };

  const onEvent = (event: EngineEvent): void => {
    if (event.resourcePreEvent) {
      const { op, urn, type } = event.resourcePreEvent.metadata;
      outcome.steps.push(stepOf(event.resourcePreEvent.metadata));
      if (op === "refresh") refreshing.add(urn);
      else refreshing.delete(urn);
      if (op !== "same") running.set(urn, `${VERBS[op] ?? op} ${kindOf(type)} ${nameOf(urn)}`);
      show();
    } else if (event.resOutputsEvent) {
      const { urn, type, new: state } = event.resOutputsEvent.metadata;
      if (type === STACK_TYPE && state) outcome.outputs = state.outputs;
      const drift = refreshing.delete(urn) ? driftOf(event.resOutputsEvent.metadata) : undefined;
      if (drift) (outcome.drift ??= []).push(drift);
      running.delete(urn);
      finished++;
      show();
    } else if (event.resOpFailedEvent) {
      running.delete(event.resOpFailedEvent.metadata.urn);
    } else if (event.policyEvent) {
      const { policyName, policyPackName, message, resourceUrn, enforcementLevel } = event.policyEvent;
      outcome.violations.push({
        policy: policyName,
        pack: policyPackName,
        message: plain(message),
        urn: resourceUrn ?? "",
        mandatory: enforcementLevel === "mandatory",
      });
    } else if (event.diagnosticEvent) {
      const { severity, message, urn } = event.diagnosticEvent;
      const text = plain(message);
      const line = urn && !urn.includes(STACK_TYPE) ? `${nameOf(urn)}: ${text}` : text;
      if (severity === "error" && text) outcome.errors.push(line);
      else if (severity === "warning" && text) outcome.warnings.push(line);
    } else if (event.summaryEvent) {
      outcome.changes = { ...event.summaryEvent.resourceChanges };
    }
  };
  return { outcome, onEvent };
}

const CHANGES_NOTHING = new Set(["same", "read", "discard", "read-discard", "refresh"]);

/** "0 to change" or "12 to create, 1 to update", in the engine's words. */
export function describeChanges(changes: Record<string, number>): string {
  const parts = Object.entries(changes)
    .filter(([op, count]) => !CHANGES_NOTHING.has(op) && count > 0)
    .map(([op, count]) => `${count} to ${op}`);
  const unchanged = changes.same ?? 0;
  return `${parts.length ? parts.join(", ") : "0 to change"}${unchanged ? `, ${unchanged} unchanged` : ""}`;
}
