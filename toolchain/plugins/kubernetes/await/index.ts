import { ANNOTATIONS, annotation, isAnnotated } from "../annotations";
import { gvkOf } from "../kinds";
import type { KubeObject } from "../object";
import { customResourceDefinition } from "./custom-resource-definition";
import { daemonSet } from "./daemon-set";
import { deployment } from "./deployment";
import { gateway, gatewayClass, policy, route } from "./gateway";
import { ingress } from "./ingress";
import { job } from "./job";
import { namespace } from "./namespace";
import { persistentVolume } from "./persistent-volume";
import { persistentVolumeClaim } from "./persistent-volume-claim";
import { pod } from "./pod";
import type { Readiness } from "./readiness";
import { replicationController } from "./replication-controller";
import { secret } from "./secret";
import { service } from "./service";
import { statefulSet } from "./stateful-set";
import { waitForReadiness } from "./wait-for";

const BY_KIND: { readonly [kind: string]: Readiness } = {
  "/Namespace": namespace,
  "/PersistentVolume": persistentVolume,
  "/PersistentVolumeClaim": persistentVolumeClaim,
  "/Pod": pod,
  "/ReplicationController": replicationController,
  "/Secret": secret,
  "/Service": service,
  "apiextensions.k8s.io/CustomResourceDefinition": customResourceDefinition,
  "apps/DaemonSet": daemonSet,
  "apps/Deployment": deployment,
  "apps/ReplicaSet": replicationController,
  "apps/StatefulSet": statefulSet,
  "batch/Job": job,
  "gateway.networking.k8s.io/BackendTLSPolicy": policy,
  "gateway.networking.k8s.io/Gateway": gateway,
  "gateway.networking.k8s.io/GatewayClass": gatewayClass,
  "gateway.networking.k8s.io/GRPCRoute": route,
  "gateway.networking.k8s.io/HTTPRoute": route,
  "gateway.networking.k8s.io/TCPRoute": route,
  "gateway.networking.k8s.io/TLSRoute": route,
  "gateway.networking.k8s.io/UDPRoute": route,
  "gateway.envoyproxy.io/BackendTrafficPolicy": policy,
  "gateway.envoyproxy.io/ClientTrafficPolicy": policy,
  "gateway.envoyproxy.io/EnvoyExtensionPolicy": policy,
  "gateway.envoyproxy.io/EnvoyPatchPolicy": policy,
  "gateway.envoyproxy.io/SecurityPolicy": policy,
  "networking.k8s.io/Ingress": ingress,
};

/** Statuses that settle within seconds once their controller looks: what they refuse is not worth ten minutes. */
const QUICK_SECONDS = 60;
const QUICK = new Set<Readiness>([policy, route, gatewayClass]);

/** What readiness means for an object; `undefined` where it is ready as soon as it is stored. */
export function readinessOf(inputs: KubeObject): Readiness | undefined {
  if (isAnnotated(inputs, ANNOTATIONS.skipAwait)) return undefined;
  const wanted = annotation(inputs, ANNOTATIONS.waitFor);
  if (wanted) return waitForReadiness(wanted);
  const { group, kind } = gvkOf(inputs.apiVersion ?? "", inputs.kind ?? "");
  return BY_KIND[`${group}/${kind}`];
}

/** The longest that a readiness is waited for, given the operation's own timeout. Both in seconds. */
export function patience(readiness: Readiness, timeout: number): number {
  return QUICK.has(readiness) ? Math.min(timeout, QUICK_SECONDS) : timeout;
}
