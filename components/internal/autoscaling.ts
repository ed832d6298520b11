import type * as k8s from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import { milliCores } from "./quantity";
import { POD_METRIC, type Load } from "./scaling-queries";

/** Seconds for which a higher CPU use must last: loading a model is a burst that is over before a further pod would help. */
const CPU_SCALE_UP_DELAY = 30;

/** Seconds for which fewer pods must suffice, unless a service says otherwise: Kubernetes' own default. */
const SCALE_DOWN_DELAY = 300;

/** The pods whose number is chosen, and between which bounds. */
export interface ScaleBounds {
  readonly deployment: pulumi.Input<string>;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  /** Seconds. */
  readonly scaleDownDelay?: number;
}

/**
 * Scales on the CPU that pods use, as a share of their limit. Kubernetes' own percentage is one of the request, which for
 * a server that bursts says little: idle pods would already count as loaded.
 */
export function autoscalerSpec(
  scale: ScaleBounds & { cpuLimit: string; targetPercent: number },
): k8s.autoscaling.v2.HorizontalPodAutoscalerSpec {
  const target = Math.max(1, Math.round(((milliCores(scale.cpuLimit) ?? 1000) * scale.targetPercent) / 100));
  return specOf(scale, "cpu", {
    type: "Resource",
    resource: { name: "cpu", target: { type: "AverageValue", averageValue: milliQuantity(target) } },
  });
}

/** Scales on a number of requests per pod, which prometheus-adapter offers as a custom metric. */
export function requestAutoscalerSpec(
  scale: ScaleBounds & { on: Load; target: number },
): k8s.autoscaling.v2.HorizontalPodAutoscalerSpec {
  const averageValue = milliQuantity(Math.round(scale.target * 1000));
  return specOf(scale, scale.on, {
    type: "Pods",
    pods: { metric: { name: POD_METRIC[scale.on] }, target: { type: "AverageValue", averageValue } },
  });
}

function specOf(
  scale: ScaleBounds,
  on: "cpu" | Load,
  metric: k8s.autoscaling.v2.MetricSpec,
): k8s.autoscaling.v2.HorizontalPodAutoscalerSpec {
  return {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: scale.deployment },
    minReplicas: scale.minReplicas,
    maxReplicas: scale.maxReplicas,
    metrics: [metric],
    behavior: scalingBehavior(on, scale.scaleDownDelay ?? SCALE_DOWN_DELAY),
  };
}

/** How fast pods come and go. A queue is there or not: waiting to see whether it stays would only let it grow. */
export function scalingBehavior(on: "cpu" | Load, scaleDownDelay: number) {
  return {
    scaleUp: { stabilizationWindowSeconds: on === "cpu" ? CPU_SCALE_UP_DELAY : 0 },
    scaleDown: { stabilizationWindowSeconds: scaleDownDelay },
  };
}

/** VerticalPodAutoscaler that says what it would give the server, and changes nothing. */
export function recommenderSpec(deployment: pulumi.Input<string>) {
  return {
    targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment },
    updatePolicy: { updateMode: "Off" },
    resourcePolicy: {
      containerPolicies: [{ containerName: "server", controlledResources: ["cpu", "memory"] }],
    },
  };
}

/** Canonical form, as the API server stores it: 2000m would come back as 2 and look like a change. */
function milliQuantity(milli: number): string {
  return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`;
}
