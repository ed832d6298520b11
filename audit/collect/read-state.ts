import { UNKNOWN } from "../../policies/model/unknown";
import type { PropertyDependencies } from "../../policies/model/subject";
import { InputError } from "../input-error";
import { isObject, kindOf, member, parseJson, textMember, type JsonObject } from "../json";
import type { PlacedResource } from "./resource-tree";
import { plainValue } from "./property-values";
import { parseUrn, type Urn } from "./urn";

/** A resource of a state, with what each kind of rule reads: resource rules its inputs, stack rules its outputs. */
export interface StateResource extends PlacedResource, Pick<Urn, "name"> {
  readonly inputs: unknown;
  readonly outputs: unknown;
  readonly dependencies: PropertyDependencies;
  /** Paths of the properties that updates leave as they are. */
  readonly ignoreChanges: readonly string[];
}

export interface ReadState {
  /** Undefined for a state without resources. */
  readonly stack?: Pick<Urn, "project" | "stack">;
  readonly resources: readonly StateResource[];
}

/** Versions of the deployment's shape that are read; the engine writes 3, and 4 where a stack uses newer features. */
const VERSIONS: readonly unknown[] = [3, 4];

/**
 * Reads what `pulumi stack export` prints, a bare deployment, or the file that a self-managed backend keeps.
 * @throws InputError
 */
export function readState(text: string): ReadState {
  const document = parseJson(text);
  const version = member(document, "version");
  if (version !== undefined && !VERSIONS.includes(version)) {
    throw new InputError(
      `has version ${JSON.stringify(version)}; versions ${VERSIONS.join(" and ")} of a deployment can be read`,
    );
  }
  const found = resourcesIn(document);
  const kept = found.map(readResource).filter((resource) => resource !== undefined);
  const [first] = kept;
  return { ...(first && { stack: oneStack(kept) }), resources: kept };
}

function resourcesIn(document: unknown): readonly unknown[] {
  const checkpoint = member(document, "checkpoint");
  const deployment = member(document, "deployment") ?? member(checkpoint, "latest") ?? document;
  // A stack that was never updated, or that was destroyed, is written without the list, or without a deployment.
  const isEmpty = checkpoint !== undefined || member(deployment, "manifest") !== undefined;
  const resources = member(deployment, "resources") ?? (isEmpty ? [] : undefined);
  if (!Array.isArray(resources)) {
    throw new InputError(
      "has no list `deployment.resources`; `pulumi stack export --file FILE` writes a state",
    );
  }
  return resources;
}

/** Undefined for a resource that is only waiting to be deleted. */
function readResource(entry: unknown, index: number): StateResource | undefined {
  const refusal = (what: string) => new InputError(`\`resources[${index}]\` ${what}`);
  const urn = textMember(entry, "urn");
  if (!isObject(entry) || urn === undefined) throw refusal(`must have a \`urn\`, not be ${kindOf(entry)}`);
  if (entry["delete"] === true) return undefined;
  const { type, name } = parseUrn(urn);
  return {
    urn,
    type: textMember(entry, "type") ?? type,
    name,
    parent: textMember(entry, "parent"),
    custom: entry["custom"] === true,
    positions: positionsOf(entry),
    inputs: properties(entry, "inputs", refusal),
    outputs: allOrUnknown(properties(entry, "outputs", refusal)),
    dependencies: dependenciesOf(entry),
    ignoreChanges: ignoredBy(entry),
  };
}

function properties(entry: JsonObject, key: string, refusal: (what: string) => InputError): JsonObject {
  const value = member(entry, key) ?? {};
  if (!isObject(value)) throw refusal(`must have an object as \`${key}\`, not ${kindOf(value)}`);
  return plainValue(value) as JsonObject;
}

/** As the policies' layer has it: a resource without any outputs is one whose outputs nobody knows. */
const allOrUnknown = (outputs: JsonObject): unknown =>
  Object.keys(outputs).length === 0 ? UNKNOWN : outputs;

export function positionsOf(entry: JsonObject): (string | undefined)[] {
  const frames = member(entry, "stackTrace");
  return [
    textMember(entry, "sourcePosition"),
    ...(Array.isArray(frames) ? frames.map((frame) => textMember(frame, "sourcePosition")) : []),
  ];
}

function ignoredBy(entry: JsonObject): string[] {
  const paths = member(entry, "ignoreChanges");
  return Array.isArray(paths) ? paths.filter((path) => typeof path === "string") : [];
}

function dependenciesOf(entry: JsonObject): PropertyDependencies {
  const found = member(entry, "propertyDependencies");
  if (!isObject(found)) return {};
  return Object.fromEntries(
    Object.entries(found).map(([property, urns]) => [
      property,
      Array.isArray(urns) ? urns.filter((urn): urn is string => typeof urn === "string") : [],
    ]),
  );
}

function oneStack(resources: readonly StateResource[]): Pick<Urn, "project" | "stack"> {
  const { project, stack } = parseUrn(resources[0]!.urn);
  const prefix = `urn:pulumi:${stack}::${project}::`;
  const stranger = resources.find(({ urn }) => !urn.startsWith(prefix));
  if (!stranger) return { project, stack };
  throw new InputError(
    `has resources of two stacks: ${JSON.stringify(stranger.urn)} is not of ${project}/${stack}`,
  );
}
