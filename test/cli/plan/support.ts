import type { EngineEvent } from "@pulumi/pulumi/automation";
import { collectEvents, type Outcome } from "../../../cli/engine/events";
import { planOf, type Plan, type PlannedChange } from "../../../cli/plan";

export type Inputs = Record<string, unknown>;

/** How the engine spells a value that only the update can know, and a secret one. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const ENGINE_SECRET = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "[secret]",
};

export interface Resource {
  type: string;
  name?: string;
  /** As the provider gave it. @default "id" */
  id?: string;
  parent?: string;
  before?: Inputs;
  after?: Inputs;
  /** Paths that differ, with a kind of difference each; the engine leaves it out where a provider says nothing. */
  diff?: Record<string, string>;
  keys?: string[];
  /** Only components have none. */
  provider?: string;
  retainOnDelete?: boolean;
}

export const urnOf = ({ type, name = "x" }: Pick<Resource, "type" | "name">) =>
  `urn:pulumi:dev::slipway::slipway:index:ServingStack$${type}::${name}`;

const NO_TASK = { update() {}, done() {}, fail() {} };

const state = (
  inputs: Inputs | undefined,
  { type, name, id = "id", parent = "", retainOnDelete }: Resource,
) =>
  inputs && {
    type,
    urn: urnOf({ type, name }),
    id,
    parent,
    inputs,
    outputs: inputs,
    retainOnDelete,
  };

function preEvent(op: string, resource: Resource): EngineEvent {
  const { type, before, after, diff, keys, provider = "urn:provider::id" } = resource;
  const described = !/^delete/.test(op) && before !== undefined;
  const detailedDiff = Object.fromEntries(
    Object.entries(diff ?? {}).map(([path, diffKind]) => [path, { diffKind, inputDiff: true }]),
  );
  const metadata = {
    op,
    urn: urnOf(resource),
    type,
    provider,
    old: state(before, resource) ?? null,
    new: /^delete/.test(op) ? null : (state(after, resource) ?? null),
    detailedDiff: described && diff ? detailedDiff : null,
    ...(described && keys ? { keys } : {}),
  };
  return { sequence: 0, timestamp: 0, resourcePreEvent: { metadata, planning: true } } as never;
}

export const create = (resource: Resource) => [preEvent("create", resource)];
export const update = (resource: Resource) => [preEvent("update", resource)];
export const same = (resource: Resource) => [
  preEvent("same", { ...resource, before: resource.before ?? resource.after }),
];
export const remove = (resource: Resource) => [preEvent("delete", resource)];
export const replace = (resource: Resource) =>
  ["create-replacement", "replace", "delete-replaced"].map((op) => preEvent(op, resource));
export const replaceDeletedFirst = (resource: Resource) =>
  ["delete-replaced", "replace", "create-replacement"].map((op) => preEvent(op, resource));

export function finding(resource: Resource, message: string, mandatory = false): EngineEvent[] {
  const policyEvent = {
    resourceUrn: urnOf(resource),
    message,
    policyName: "some-rule",
    policyPackName: "slipway",
    enforcementLevel: mandatory ? "mandatory" : "warning",
  };
  return [{ sequence: 0, timestamp: 0, policyEvent } as never];
}

/** A refresh of one resource; one that is gone has no `after`. */
export function refreshed(resource: Resource, outputs: Inputs = {}): EngineEvent[] {
  const [announced] = [preEvent("refresh", resource)];
  const { metadata } = announced!.resourcePreEvent!;
  const ended = { ...metadata, new: metadata.new && { ...metadata.new, outputs } };
  return [
    announced!,
    { sequence: 0, timestamp: 0, resOutputsEvent: { metadata: ended, planning: true } } as never,
  ];
}

export function outcomeOf(events: readonly EngineEvent[], changes: Record<string, number> = {}): Outcome {
  const { outcome, onEvent } = collectEvents(NO_TASK);
  for (const event of events) onEvent(event);
  return { ...outcome, changes };
}

export const planFor = (events: readonly EngineEvent[], changes?: Record<string, number>): Plan =>
  planOf("dev", outcomeOf(events, changes));

/** The plan's only change. */
export function only(events: readonly EngineEvent[]): PlannedChange {
  const { changes } = planFor(events);
  if (changes.length !== 1) throw new Error(`${changes.length} changes instead of one`);
  return changes[0]!;
}
