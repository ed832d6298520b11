import { setTimeout as sleep } from "node:timers/promises";
import { SlipwayError, messageOf } from "../../toolchain/errors";
import type { Slot } from "../../rollout/declaration";
import { ApiError, type ClusterObject, type Kind, type TrafficCluster } from "./kubernetes";
import { allTrafficTo, type RouteRule, type SlotServices } from "./route-rules";

/** Tries on an object that somebody else writes at the same time. */
const TRIES = 6;
const RETRY_MS = 50;

export interface RouteReference {
  readonly kind: Kind & ("HTTPRoute" | "GRPCRoute");
  readonly name: string;
}

type Spec = { readonly rules?: readonly RouteRule[]; readonly [field: string]: unknown };
interface Fields {
  readonly [field: string]: unknown;
}

const below = (fields: unknown, name: string): Fields | undefined =>
  (fields as Fields | undefined)?.[`f:${name}`] as Fields | undefined;

/** Who applied the route's rules: the engine's field manager, which must stay their only owner. */
function ownerOf({ metadata }: ClusterObject): { manager: string; fields: Fields } | undefined {
  const applied = (metadata.managedFields ?? []).filter(
    ({ operation, subresource, manager }) => operation === "Apply" && !subresource && manager,
  );
  const owner =
    applied.find(({ fieldsV1 }) => below(below(fieldsV1, "spec"), "rules")) ??
    // Somebody edited the rules since, which took them from their owner.
    applied.find(({ fieldsV1 }) => below(fieldsV1, "spec"));
  return owner && { manager: owner.manager!, fields: owner.fieldsV1 ?? {} };
}

/** Those entries of a map that a manager owns: applying fewer would remove them, applying more would take them over. */
function owned(values: Readonly<Record<string, string>> | undefined, fields: Fields | undefined) {
  const entries = Object.entries(values ?? {}).filter(([key]) => below(fields, key) !== undefined);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

const without = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;

/** What the owner of a route applies to have other rules: everything else that it owns as it is. */
export function applicationOf(
  route: ClusterObject,
  rules: readonly RouteRule[],
): { body: object; manager: string } | undefined {
  const owner = ownerOf(route);
  if (!owner) return undefined;
  const spec = route.spec as Spec;
  const ownSpec = below(owner.fields, "spec");
  const kept = Object.entries(spec).filter(([field]) => field === "rules" || below(ownSpec, field));
  const { name, namespace, labels, annotations, resourceVersion } = route.metadata;
  const ownMetadata = below(owner.fields, "metadata");
  return {
    manager: owner.manager,
    body: {
      apiVersion: route.apiVersion,
      kind: route.kind,
      metadata: without({
        name,
        namespace,
        // Refused where somebody wrote in between: then the rules that were read are not those that are there.
        resourceVersion,
        labels: owned(labels, below(ownMetadata, "labels")),
        annotations: owned(annotations, below(ownMetadata, "annotations")),
      }),
      spec: { ...Object.fromEntries(kept), rules },
    },
  };
}

const isConflict = (error: unknown) => error instanceof ApiError && error.code === 409;

/**
 * Gives one route other rules, under the field manager that owns it already.
 * @param change what they are to be, from what they are; asked again where somebody else wrote meanwhile
 * @returns whether they were others
 */
export async function changeRules(
  cluster: TrafficCluster,
  namespace: string,
  { kind, name }: RouteReference,
  change: (rules: readonly RouteRule[]) => readonly RouteRule[],
): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    const route = await cluster.find(kind, namespace, name);
    if (!route) throw new SlipwayError(`the cluster has no ${kind} \`${name}\` in namespace ${namespace}`);
    const before = (route.spec as Spec).rules ?? [];
    const rules = change(before);
    if (JSON.stringify(rules) === JSON.stringify(before)) return false;
    const application = applicationOf(route, rules);
    try {
      if (application) {
        await cluster.patch(kind, namespace, name, application.body, {
          fieldManager: application.manager,
          contentType: "application/apply-patch+yaml",
          force: true,
        });
      } else {
        const { resourceVersion, managedFields = [] } = route.metadata;
        await cluster.patch(
          kind,
          namespace,
          name,
          { metadata: { resourceVersion }, spec: { rules } },
          {
            fieldManager: managedFields.find(({ manager }) => manager)?.manager ?? "slipway",
            contentType: "application/merge-patch+json",
          },
        );
      }
      return true;
    } catch (error) {
      if (!isConflict(error) || attempt >= TRIES) {
        throw new SlipwayError(`${kind} \`${name}\` could not be moved: ${messageOf(error)}`, 1, {
          cause: error,
        });
      }
      await sleep(RETRY_MS * attempt);
    }
  }
}

/**
 * Sends all traffic of a service to a slot: all routes at once, since each moment counts.
 * @returns how many routes had to be moved
 * @throws SlipwayError for the first that could not, after all were tried
 */
export async function moveAllTraffic(
  cluster: TrafficCluster,
  namespace: string,
  routes: readonly RouteReference[],
  services: SlotServices,
  live: Slot,
): Promise<number> {
  const results = await Promise.allSettled(
    routes.map((route) =>
      changeRules(cluster, namespace, route, (rules) => allTrafficTo(rules, services, live)),
    ),
  );
  const failure = results.find((result) => result.status === "rejected");
  if (failure) throw failure.reason;
  return results.filter((result) => result.status === "fulfilled" && result.value).length;
}
