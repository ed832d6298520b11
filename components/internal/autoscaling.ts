import type * as k8s from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import { milliCores } from "./quantity";

/**
 * Scales on the CPU that pods use, as a share of their limit. Kubernetes' own percentage is one of the request, which for
 * a server that bursts says little: idle pods would already count as loaded.
 */
export function autoscalerSpec(scale: {
  deployment: pulumi.Input<string>;
  minReplicas: number;
  maxReplicas: number;
  cpuLimit: string;
  targetPercent: number;
}): k8s.autoscaling.v2.HorizontalPodAutoscalerSpec {
  const target = Math.max(1, Math.round(((milliCores(scale.cpuLimit) ?? 1000) * scale.targetPercent) / 100));
  return {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: scale.deployment },
    minReplicas: scale.minReplicas,
    maxReplicas: scale.maxReplicas,
    metrics: [
      {
        type: "Resource",
        resource: { name: "cpu", target: { type: "AverageValue", averageValue: cpuQuantity(target) } },
      },
    ],
    behavior: {
      // Loading a model is a burst of CPU that is over before a further pod would help.
      scaleUp: { stabilizationWindowSeconds: 30 },
      scaleDown: { stabilizationWindowSeconds: 300 },
    },
  };
}

/** Canonical form, as the API server stores it: 2000m would come back as 2 and look like a change. */
function cpuQuantity(milli: number): string {
  return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`;
}
