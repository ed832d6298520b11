import { SLOTS, type Slot } from "../../rollout/declaration";
import { flaggerSlot } from "../../rollout/flagger-names";
import type { PublishedSlot } from "../../rollout/published";
import type { KnownRollout } from "./known-rollout";
import { ROLLOUT_LABEL, SLOT_LABEL, type ClusterObject, type TrafficCluster } from "./kubernetes";
import { digestOf, modelsIn } from "./readiness";

/**
 * Finds rollouts by the labels of their objects: enough to see and to turn back traffic where neither the stack's outputs nor
 * an engine are at hand.
 * @param namespace undefined: all of them
 */
export async function discoverRollouts(
  cluster: TrafficCluster,
  namespace: string | undefined,
): Promise<KnownRollout[]> {
  const [http, grpc, deployments] = await Promise.all([
    cluster.list("HTTPRoute", namespace, ROLLOUT_LABEL),
    cluster.list("GRPCRoute", namespace, ROLLOUT_LABEL),
    cluster.list("Deployment", namespace, `${ROLLOUT_LABEL},${SLOT_LABEL}`),
  ]);
  const key = ({ metadata }: ClusterObject) => `${metadata.namespace}/${metadata.labels?.[ROLLOUT_LABEL]}`;
  const keys = [...new Set([...http, ...grpc].map(key))].sort();
  const rollouts = keys.map(async (found): Promise<KnownRollout> => {
    const of = (objects: readonly ClusterObject[]) => objects.filter((object) => key(object) === found);
    const [ns = "default", name = ""] = found.split("/");
    const record = `${name}-rollout-record`;
    if (of(http).some(isFlaggers)) {
      const slots = await flaggerSlots(cluster, ns, name);
      // It shares the requests of one route; the others always lead to its primary.
      return { name, namespace: ns, driver: "flagger", slots, routes: { http: [name], grpc: [] }, record };
    }
    return {
      name,
      namespace: ns,
      driver: "pulumi",
      slots: slotsOf(of(deployments)),
      routes: {
        http: of(http).map(({ metadata }) => metadata.name),
        grpc: of(grpc).map(({ metadata }) => metadata.name),
      },
      record,
    };
  });
  return Promise.all(rollouts);
}

/** Flagger writes routes under its own name. */
const isFlaggers = ({ metadata }: ClusterObject) =>
  (metadata.managedFields ?? []).some(({ manager }) => manager === "flagger");

async function flaggerSlots(
  cluster: TrafficCluster,
  namespace: string,
  rollout: string,
): Promise<Record<Slot, PublishedSlot>> {
  const [blue, green] = await Promise.all(
    SLOTS.map(async (slot) => {
      const place = flaggerSlot(rollout, slot);
      const deployment = await cluster.find("Deployment", namespace, place.deployment);
      return { ...place, digest: digestOf(deployment) ?? "", models: modelsIn(deployment) };
    }),
  );
  return { blue: blue!, green: green! };
}

function slotsOf(deployments: readonly ClusterObject[]): Partial<Record<Slot, PublishedSlot>> {
  return Object.fromEntries(
    SLOTS.flatMap((slot) => {
      const deployment = deployments.find(({ metadata }) => metadata.labels?.[SLOT_LABEL] === slot);
      if (!deployment) return [];
      const { name } = deployment.metadata;
      return [[slot, { service: name, digest: digestOf(deployment) ?? "", models: modelsIn(deployment) }]];
    }),
  );
}
