/** One step of a preview or an update, as the engine finished it. */
export interface Step {
  /** e.g. `create`, `same`, `update`, `create-replacement`, `delete-replaced`, `delete`, `refresh`. */
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Property paths that differ. */
  readonly diffs: readonly string[];
  readonly detailedDiff: {
    readonly [path: string]: { readonly diffKind: string; readonly inputDiff: boolean };
  };
  /** As the program gave them: secrets masked, what a preview cannot know as the engine marks it. */
  readonly inputs: { readonly [name: string]: unknown };
  readonly outputs: { readonly [name: string]: unknown };
}

export interface Diagnostic {
  /** `info`, `info#err`, `warning` or `error`. */
  readonly severity: string;
  readonly message: string;
  readonly urn?: string;
}

export interface PolicyViolation {
  readonly policy: string;
  readonly pack: string;
  readonly enforcement: string;
  readonly message: string;
  readonly urn?: string;
}

export interface EngineEvents {
  /** Planned steps in a preview, finished ones otherwise; the stack and default providers are left out. */
  readonly steps: readonly Step[];
  /** Counts by kind, the stack itself included, e.g. `{ create: 3, same: 1 }`. */
  readonly changes: { readonly [op: string]: number };
  readonly diagnostics: readonly Diagnostic[];
  readonly violations: readonly PolicyViolation[];
}

interface StepMetadata {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly diffs?: readonly string[];
  readonly detailedDiff?: Step["detailedDiff"];
  readonly new?: { readonly inputs?: Step["inputs"]; readonly outputs?: Step["outputs"] };
}

interface WireEvent {
  readonly resourcePreEvent?: { readonly metadata: StepMetadata; readonly planning?: boolean };
  readonly resOutputsEvent?: { readonly metadata: StepMetadata; readonly planning?: boolean };
  readonly diagnosticEvent?: Diagnostic & { readonly ephemeral?: boolean };
  readonly policyEvent?: {
    readonly policyName: string;
    readonly policyPackName: string;
    readonly enforcementLevel: string;
    readonly message: string;
    readonly resourceUrn?: string;
  };
  readonly summaryEvent?: { readonly resourceChanges?: { readonly [op: string]: number } };
}

function step({ op, urn, type, diffs, detailedDiff, new: after }: StepMetadata): Step {
  const name = urn.slice(urn.lastIndexOf("::") + 2);
  return {
    op,
    urn,
    type,
    name,
    diffs: diffs ?? [],
    detailedDiff: detailedDiff ?? {},
    inputs: after?.inputs ?? {},
    outputs: after?.outputs ?? {},
  };
}

const STACK = "pulumi:pulumi:Stack";

function isDefaultProvider(type: string, name: string): boolean {
  return type.startsWith("pulumi:providers:") && name.startsWith("default");
}

/** One entry for each operation on each resource: the last, which has the outputs. */
function latest(metadata: readonly StepMetadata[]): StepMetadata[] {
  return [...new Map(metadata.map((step) => [`${step.op} ${step.urn}`, step])).values()];
}

/** Reads the engine's event log, one JSON object a line. */
export function parseEvents(text: string): EngineEvents {
  const events = text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as WireEvent);
  const finished = events.flatMap(({ resOutputsEvent }) =>
    resOutputsEvent ? [resOutputsEvent.metadata] : [],
  );
  const announced = events.flatMap(({ resourcePreEvent }) =>
    resourcePreEvent ? [resourcePreEvent.metadata] : [],
  );
  const steps = latest([
    // A deletion that is only planned has no outputs event; a refresh is announced as such and ends as what it found.
    ...announced.filter(({ op }) => op !== "refresh"),
    ...finished,
  ]);
  return {
    steps: steps.map(step).filter(({ type, name }) => type !== STACK && !isDefaultProvider(type, name)),
    changes: events.findLast(({ summaryEvent }) => summaryEvent)?.summaryEvent?.resourceChanges ?? {},
    diagnostics: events.flatMap(({ diagnosticEvent }) =>
      diagnosticEvent && !diagnosticEvent.ephemeral && diagnosticEvent.severity !== "debug"
        ? [diagnosticEvent]
        : [],
    ),
    violations: events.flatMap(({ policyEvent }) =>
      policyEvent
        ? [
            {
              policy: policyEvent.policyName,
              pack: policyEvent.policyPackName,
              enforcement: policyEvent.enforcementLevel,
              message: policyEvent.message,
              urn: policyEvent.resourceUrn,
            },
          ]
        : [],
    ),
  };
}
