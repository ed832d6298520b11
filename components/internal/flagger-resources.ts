import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import * as pulumi from "@pulumi/pulumi";
import {
  canarySpec,
  flaggerMetrics,
  metricTemplateSpec,
  type FlaggerRollout,
  type FlaggerRouting,
} from "./flagger-canary";

const API = "flagger.app/v1beta1";

/** What a Rollout leaves to Flagger, and what must be there first. */
export interface FlaggerDelivery extends FlaggerRollout {
  /** For what must not begin before the target's pods are there. */
  readonly ready: pulumi.Output<unknown>;
  /** Of the target's Deployment. */
  readonly progressDeadlineSeconds: pulumi.Output<number>;
}

interface Metadata {
  readonly name: string;
  readonly namespace: pulumi.Output<string>;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The Canary of a rollout, and a MetricTemplate for every number that it asks for.
 * @param opts what is to be there before Flagger makes the route: its policies
 */
export function createCanary(
  { name, namespace, labels }: Metadata,
  delivery: FlaggerDelivery,
  routing: FlaggerRouting,
  opts: { readonly parent: pulumi.Resource; readonly dependsOn: readonly pulumi.Resource[] },
): CustomResource {
  // Which metrics there are is known at once; their queries name the namespace.
  const metrics = flaggerMetrics(name, "", delivery);
  const templates = metrics.map(({ name: template }, i) => {
    const spec = namespace.apply((ns) =>
      metricTemplateSpec(flaggerMetrics(name, ns, delivery)[i]!, delivery.prometheusUrl),
    );
    const metadata = { name: template, namespace, labels: { ...labels } };
    return new CustomResource(
      template,
      { apiVersion: API, kind: "MetricTemplate", metadata, spec },
      { parent: opts.parent },
    );
  });
  const spec = pulumi
    .all([delivery.progressDeadlineSeconds, delivery.ready])
    .apply(([deadline]) => canarySpec(name, delivery, metrics, routing, deadline));
  return new CustomResource(
    `${name}-canary`,
    {
      apiVersion: API,
      kind: "Canary",
      metadata: {
        name,
        namespace,
        labels: { ...labels },
        // Gone only when the route is that Flagger made for it, which must never be there without its policies.
        annotations: { "pulumi.com/deletionPropagationPolicy": "foreground" },
      },
      spec,
    },
    { parent: opts.parent, dependsOn: [...opts.dependsOn, ...templates] },
  );
}
