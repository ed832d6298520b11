import type { EngineEvent } from "@pulumi/pulumi/automation";
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
  inputs: Record<string, unknown>;
}

/** What one engine operation said, gathered from its event stream. */
export interface Outcome {
  steps: StepRecord[];
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

/** Gathers an operation's outcome while telling a person what is being worked on. */
export function collectEvents(task: Task): { outcome: Outcome; onEvent: (event: EngineEvent) => void } {
  const outcome: Outcome = { steps: [], violations: [], errors: [], warnings: [], changes: {} };
  const running = new Map<string, string>();
  let finished = 0;

  const show = () => {
    const now = [...running.values()];
    const more = now.length > 2 ? ` and ${now.length - 2} more` : "";
    task.update(`${finished} done${now.length ? `, ${now.slice(0, 2).join(", ")}${more}` : ""}`);
  };

  const onEvent = (event: EngineEvent): void => {
    if (event.resourcePreEvent) {
      const { op, urn, type, new: state, old, provider } = event.resourcePreEvent.metadata;
      const inputs = (state ?? old)?.inputs ?? {};
      outcome.steps.push({ op, urn, type, provider, inputs });
      if (op !== "same") running.set(urn, `${VERBS[op] ?? op} ${kindOf(type)} ${nameOf(urn)}`);
      show();
    } else if (event.resOutputsEvent) {
      const { urn, type, new: state } = event.resOutputsEvent.metadata;
      if (type === STACK_TYPE && state) outcome.outputs = state.outputs;
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

/** "0 to change" or "12 to create, 1 to update", in the engine's words. */
export function describeChanges(changes: Record<string, number>): string {
  const parts = Object.entries(changes)
    .filter(([op, count]) => op !== "same" && op !== "discard" && op !== "refresh" && count > 0)
    .map(([op, count]) => `${count} to ${op}`);
  const unchanged = changes.same ?? 0;
  return `${parts.length ? parts.join(", ") : "0 to change"}${unchanged ? `, ${unchanged} unchanged` : ""}`;
}
