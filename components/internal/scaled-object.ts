import type * as pulumi from "@pulumi/pulumi";
import { scalingBehavior } from "./autoscaling";
import { activityQuery, loadQuery, type Load } from "./scaling-queries";

/** Seconds between two looks at the metrics: what Prometheus has is no fresher, as it scrapes as often. */
const POLLING_INTERVAL = 15;

/** Looks at Prometheus that must fail, one after another, before `fallbackReplicas` holds. */
const FAILED_LOOKS = 3;

/** What a ScaledObject of KEDA needs, resolved. Times in seconds. */
export interface KedaScale {
  readonly service: string;
  readonly namespace: string;
  readonly deployment: pulumi.Input<string>;
  /** 0 lets the service go to sleep. */
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly on: Load;
  readonly target: number;
  readonly scaleDownDelay: number;
  readonly prometheusUrl: string;
  readonly authModes: readonly string[];
  readonly triggerAuthentication?: string;
  readonly fallbackReplicas: number;
  readonly activationThreshold: number;
  readonly cooldown: number;
  readonly activationQuery?: string;
}

/** ScaledObject (keda.sh/v1alpha1), as KEDA 2.20 has it. */
export function scaledObjectSpec(scale: KedaScale) {
  const toZero = scale.minReplicas === 0;
  return {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: scale.deployment },
    pollingInterval: POLLING_INTERVAL,
    ...(toZero ? { cooldownPeriod: scale.cooldown } : {}),
    minReplicaCount: scale.minReplicas,
    maxReplicaCount: scale.maxReplicas,
    fallback: {
      failureThreshold: FAILED_LOOKS,
      replicas: scale.fallbackReplicas,
      // Nobody knows the load: what runs may be needed.
      behavior: "currentReplicasIfHigher",
    },
    advanced: {
      horizontalPodAutoscalerConfig: { behavior: scalingBehavior(scale.on, scale.scaleDownDelay) },
    },
    triggers: [loadTrigger(scale, toZero), ...(toZero ? [activityTrigger(scale)] : [])],
  };
}

function loadTrigger(scale: KedaScale, toZero: boolean) {
  const load = loadQuery(scale.on, scale.namespace, scale.service);
  // No pod has no load; but where some must run, that Prometheus knows none of them is a failure and not idleness.
  return prometheusTrigger(scale, "load", toZero ? `${load} or vector(0)` : load, scale.target);
}

/** 0 or 1, with 1 as the target: it wants one pod and never more, whatever the number of requests. */
function activityTrigger(scale: KedaScale) {
  const activity = scale.activationQuery ?? activityQuery(scale.namespace, scale.service);
  return prometheusTrigger(scale, "activity", `(${activity}) > bool ${scale.activationThreshold}`, 1);
}

function prometheusTrigger(scale: KedaScale, name: string, query: string, target: number) {
  const { authModes, triggerAuthentication } = scale;
  return {
    type: "prometheus",
    name,
    metricType: "AverageValue",
    metadata: {
      serverAddress: scale.prometheusUrl,
      query,
      threshold: String(target),
      activationThreshold: "0",
      ignoreNullValues: "false",
      ...(authModes.length === 0 ? {} : { authModes: authModes.join(",") }),
    },
    ...(triggerAuthentication === undefined ? {} : { authenticationRef: { name: triggerAuthentication } }),
  };
}
