import { isRecord } from "../model/field";
import type { PlainResource } from "./plain-resource";
import { plainProperties } from "./wire-values";

type Fields = Readonly<Record<string, unknown>>;

const HOW =
  "give what `pulumi preview --json --show-sames` prints, or the file that `pulumi preview --event-log FILE` writes";

/**
 * The resources of a preview, from what the engine wrote of it. Two things it does not write, and so rules that need them
 * cannot judge: secrets, and in an event log what a value comes from that is not known yet.
 * @param text what `pulumi preview --json` prints, or an event log
 * @throws where the text is neither, or was cut off
 */
export function resourcesOfPreview(text: string): PlainResource[] {
  const steps = stepsOf(text);
  const resources = new Map<string, PlainResource>();
  for (const step of steps) {
    const resource = resourceOf(step);
    if (resource?.urn !== undefined) resources.set(resource.urn, resource);
  }
  return [...resources.values()];
}

/** What a step makes of a resource. */
interface Step {
  readonly op: unknown;
  readonly state: unknown;
  /** Whether the provider has answered: until then the state has no outputs. */
  readonly isAnswered: boolean;
}

function stepsOf(text: string): Step[] {
  if (text.trim() === "") throw new TypeError(`\`text\` is empty; ${HOW}.`);
  const printed = parsed(text);
  if (printed === undefined) return eventLogSteps(text);
  const steps = isRecord(printed) ? printed["steps"] : undefined;
  if (Array.isArray(steps)) {
    return steps.filter(isRecord).map((step) => ({
      op: step["op"],
      state: step["newState"],
      isAnswered:
        isRecord(step["newState"]) && Object.keys(plainProperties(step["newState"]["outputs"])).length > 0,
    }));
  }
  // A preview without any change, or a log of one event.
  if (isRecord(printed) && "changeSummary" in printed) return [];
  return eventLogSteps(text);
}

function eventLogSteps(text: string): Step[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const events = lines.map((line, i) => {
    const event = parsed(line);
    if (!isRecord(event)) throw new TypeError(`\`text\` has no event in line ${i + 1}; ${HOW}.`);
    return event;
  });
  if (!events.some((event) => "summaryEvent" in event)) {
    throw new TypeError(
      `\`text\` is no preview, or one that was cut off: it has no \`summaryEvent\`; ${HOW}.`,
    );
  }
  return events.flatMap((event) => [
    ...eventStep(event["resourcePreEvent"], false),
    ...eventStep(event["resOutputsEvent"], true),
  ]);
}

function eventStep(event: unknown, isAnswered: boolean): Step[] {
  const metadata = isRecord(event) ? event["metadata"] : undefined;
  return isRecord(metadata) ? [{ op: metadata["op"], state: metadata["new"], isAnswered }] : [];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Steps after which the resource is not there, or that only read it. */
const GONE = /^(?:delete|discard|read|remove)/;

function resourceOf({ op, state, isAnswered }: Step): PlainResource | undefined {
  if (!isRecord(state) || GONE.test(String(op))) return undefined;
  const { urn, type, parent, protect } = state;
  if (typeof urn !== "string" || typeof type !== "string") return undefined;
  return {
    urn,
    type,
    name: urn.slice(urn.lastIndexOf("::") + "::".length),
    props: plainProperties(state["inputs"]),
    ...(isAnswered && { outputs: plainProperties(state["outputs"]) }),
    dependencies: dependenciesOf(state),
    dependsOn: textsIn(state["dependencies"]),
    ignoreChanges: textsIn(state["ignoreChanges"]),
    options: {
      protect: protect === true,
      additionalSecretOutputs: textsIn(state["additionalSecretOutputs"]),
      ...(typeof parent === "string" && { parent }),
    },
  };
}

function dependenciesOf({ propertyDependencies }: Fields): Record<string, string[]> {
  const entries = Object.entries(isRecord(propertyDependencies) ? propertyDependencies : {});
  return Object.fromEntries(entries.map(([property, urns]) => [property, textsIn(urns)]));
}

function textsIn(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((item) => typeof item === "string") : [];
}
