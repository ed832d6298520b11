import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2";
import * as pulumi from "@pulumi/pulumi";
import { autoscalerSpec, recommenderSpec, requestAutoscalerSpec } from "../internal/autoscaling";
import { scaledObjectSpec } from "../internal/scaled-object";
import type { ResolvedService } from "./service-settings";

interface Metadata {
  readonly name: string;
  readonly namespace: pulumi.Input<string>;
  readonly labels: Record<string, string>;
}

/** With it KEDA takes a Deployment over while the HorizontalPodAutoscaler that scaled it is still there. */
const YIELDS_TO_KEDA = { "validations.keda.sh/hpa-ownership": "false" };

/** What chooses the number of pods, where it is not fixed. */
export function createAutoscaler(
  name: string,
  metadata: Metadata,
  deployment: pulumi.Input<string>,
  settings: ResolvedService,
  opts: pulumi.CustomResourceOptions,
): void {
  const { scaling, replicas: minReplicas, maxReplicas, cpuLimit } = settings;
  if (!ownsReplicas(settings)) return;
  const bounds = { deployment, minReplicas, maxReplicas };
  if (scaling.on !== "cpu" && scaling.via === "keda") {
    const spec = pulumi
      .output(metadata.namespace)
      .apply((namespace) => scaledObjectSpec({ ...scaling, ...bounds, service: name, namespace }));
    new CustomResource(
      `${name}-scaled-object`,
      { apiVersion: "keda.sh/v1alpha1", kind: "ScaledObject", metadata, spec },
      opts,
    );
    return;
  }
  const spec =
    scaling.on === "cpu"
      ? autoscalerSpec({ ...scaling, ...bounds, cpuLimit })
      : requestAutoscalerSpec({ ...scaling, ...bounds });
  new HorizontalPodAutoscaler(
    `${name}-autoscaler`,
    { metadata: { ...metadata, annotations: YIELDS_TO_KEDA }, spec },
    opts,
  );
}

/** Whether an autoscaler chooses the number of pods. */
export function ownsReplicas(settings: Pick<ResolvedService, "replicas" | "maxReplicas">): boolean {
  return settings.maxReplicas > settings.replicas;
}

/**
 * The number of pods to begin with; undefined where the API server's 1 has to do: a slot's Deployment has stated 0 while it was cold,
 * and what is ignored would stay so.
 */
export function firstReplicas(
  settings: Pick<ResolvedService, "replicas" | "maxReplicas">,
  isSlot: boolean,
): number | undefined {
  if (!ownsReplicas(settings)) return settings.replicas;
  // One that may sleep begins with a pod, which shows that it can start.
  return isSlot ? undefined : Math.max(1, settings.replicas);
}

/** From then on the number is the autoscaler's: no update puts the first one back, nor shows the other as a difference. */
export const OWNED_BY_AUTOSCALER = { ignoreChanges: ["spec.replicas"] };

/** What says which CPU and memory the server should reserve. */
export function createRecommender(
  name: string,
  metadata: Metadata,
  deployment: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): void {
  new CustomResource(
    `${name}-recommender`,
    {
      apiVersion: "autoscaling.k8s.io/v1",
      kind: "VerticalPodAutoscaler",
      metadata,
      spec: recommenderSpec(deployment),
    },
    opts,
  );
}
