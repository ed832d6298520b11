import { generateKeyPairSync } from "node:crypto";
import { slotRules, type PlainRule } from "../../../../components/internal/slot-rules";
import {
  otherSlot,
  SLOTS,
  type Gate,
  type Slot,
  type Strategy,
  type Weights,
} from "../../../../rollout/declaration";
import type { PublishedRollout } from "../../../../rollout/published";
import { initialState, type TrafficState } from "../../../../rollout/traffic-state";
import type { FakeApi } from "./fake-api";
import { fieldsOwnedBy, type Stored } from "./fake-api";

export const NAMESPACE = "models";
export const MANAGER = "pulumi-kubernetes-0a1b2c3d";
export const DIGEST = { blue: `sha256:${"b".repeat(64)}`, green: `sha256:${"9".repeat(64)}` } as const;

const keys = generateKeyPairSync("ed25519");
export const SIGNING_KEY = keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
export const PUBLIC_KEY = keys.publicKey.export({ type: "spki", format: "pem" }).toString();

export interface FakeService {
  readonly strategy: Strategy;
  readonly gates?: readonly Gate[];
  readonly traffic?: TrafficState;
  readonly name?: string;
}

export function published({ strategy, gates = [], traffic, name = "text" }: FakeService): PublishedRollout {
  const slot = (which: Slot) => ({
    service: `${name}-${which}`,
    digest: DIGEST[which],
    models: [{ name: "ocr", version: which === "blue" ? "4" : "5", sha256: which.padEnd(64, "0") }],
  });
  return {
    name,
    namespace: NAMESPACE,
    driver: "pulumi",
    strategy,
    gates,
    traffic: traffic ?? initialState("blue"),
    slots: { blue: slot("blue"), green: slot("green") },
    routes: { http: [name, `${name}-host`], grpc: [name, `${name}-host`] },
    record: `${name}-rollout-record`,
    recordHead: "",
  };
}

const PLAIN: PlainRule[] = [
  {
    matches: [{}],
    filters: [{ type: "RequestHeaderModifier", requestHeaderModifier: { remove: ["cookie"] } }],
    port: 8000,
    role: "traffic",
  },
  { name: "control", matches: [{}], filters: [], port: 8000, role: "control" },
];

/** The rules that the component declares for a state: its own function makes them. */
export function rulesFor(rollout: PublishedRollout, { live, weights, mirror }: TrafficState): object[] {
  const strategy = rollout.strategy;
  return slotRules(
    PLAIN,
    {
      backends: SLOTS.map((slot) => ({
        slot,
        service: `${rollout.name}-${slot}`,
        weight: weights[slot],
        only: [],
      })),
      live,
      mirror,
      match: strategy.kind === "canary" ? strategy.match : undefined,
      affinity: strategy.kind === "canary" && strategy.affinity ? "01234567" : undefined,
    },
    "http",
  );
}

/** What an update of the stack puts into the cluster. */
export function applyState(
  api: FakeApi,
  rollout: PublishedRollout,
  state: TrafficState,
  onRoute: (index: number) => void = () => {},
): void {
  const { name } = rollout;
  const isCold = (slot: Slot) => slot === otherSlot(state.live) && state.standby === "cold";
  for (const slot of SLOTS.filter((slot) => !isCold(slot))) scaleTo(api, name, slot, 2);
  const routes = [name, `${name}-host`].flatMap((route) =>
    (["HTTPRoute", "GRPCRoute"] as const).map((kind) => ({ kind, route })),
  );
  routes.forEach(({ kind, route }, i) => {
    onRoute(i);
    const old = api.get(kind, route);
    const object: Stored = {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind,
      metadata: {
        name: route,
        namespace: NAMESPACE,
        labels: { "slipway.dev/rollout": name, "app.kubernetes.io/part-of": "slipway" },
      },
      spec: { parentRefs: [{ name: "gateway" }], hostnames: ["localhost"], rules: rulesFor(rollout, state) },
    };
    const managedFields = [{ manager: MANAGER, operation: "Apply", fieldsV1: fieldsOwnedBy(object) }];
    api.put({ ...old, ...object, metadata: { ...object.metadata, managedFields } });
  });
  for (const slot of SLOTS.filter(isCold)) scaleTo(api, name, slot, 0);
}

/** So many pods, all of them ready unless said otherwise. */
export function scaleTo(api: FakeApi, service: string, slot: Slot, replicas: number, ready = replicas): void {
  const name = `${service}-${slot}`;
  const labels = { "slipway.dev/rollout": service, "slipway.dev/slot": slot };
  api.put({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: NAMESPACE, generation: 1, labels },
    spec: {
      replicas,
      template: { spec: { containers: [{ image: `registry.example.com/slipway@${DIGEST[slot]}` }] } },
    },
    status: { observedGeneration: 1, replicas, updatedReplicas: replicas, readyReplicas: ready },
  });
  api.put({
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: `${name}-x`, namespace: NAMESPACE, labels: { "kubernetes.io/service-name": name } },
    endpoints: Array.from({ length: ready }, () => ({ conditions: { ready: true } })),
  });
}

/** The namespace that tells a cluster from another. */
export function makeCluster(api: FakeApi, uid: string): void {
  api.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: "kube-system", uid } });
}

export function makeRecord(api: FakeApi, service = "text"): void {
  api.put({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: `${service}-rollout-record`,
      namespace: NAMESPACE,
      labels: { "slipway.dev/rollout": service },
    },
  });
}

/** What each route really does with requests that ask for nothing special, read without any code of the commands. */
export function weightsIn(api: FakeApi): Weights[] {
  return [...api.all("HTTPRoute"), ...api.all("GRPCRoute")].map(({ spec }) => {
    const [rule] = (spec as { rules: { backendRefs: { name: string; weight: number }[] }[] }).rules;
    const weight = (slot: Slot) => rule!.backendRefs.find(({ name }) => name.endsWith(slot))!.weight;
    return { blue: weight("blue"), green: weight("green") };
  });
}
