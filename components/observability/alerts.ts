import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import * as pulumi from "@pulumi/pulumi";
import { PART_OF } from "../internal/labels";
import type { Peer } from "../internal/network-policy";
import type { ResolvedObjectives } from "../serving/objectives";
import { ALERT_DEFAULTS, type ResolvedAlerts } from "./alerts/alert-settings";
import { objectiveRules } from "./alerts/objective-rules";
import { platformRules } from "./alerts/platform-rules";
import { presenceRules } from "./alerts/presence-rules";
import { rolloutRules, type SharedTraffic } from "./alerts/rollout-rules";
import type { RuleGroup } from "./alerts/rule";

/** What the Prometheus of the platform follows; each is named after what it is about. */
function createRule(
  resourceName: string,
  metadata: {
    readonly name: string;
    readonly namespace: pulumi.Input<string>;
    readonly labels: Readonly<Record<string, string>>;
  },
  groups: pulumi.Output<RuleGroup[]>,
  opts: pulumi.CustomResourceOptions,
): CustomResource {
  return new CustomResource(
    resourceName,
    {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "PrometheusRule",
      metadata: { ...metadata, labels: { ...PART_OF, ...metadata.labels } },
      spec: { groups },
    },
    opts,
  );
}

/** Rules about every service of a namespace, the gateways, GPUs and certificates, unless they are not wanted. */
export function createPlatformAlerts(
  name: string,
  args: { readonly namespace: pulumi.Input<string>; readonly servicesNamespace: pulumi.Input<string> },
  { alerts, proxies, labels }: PlatformAlerts,
  opts: pulumi.CustomResourceOptions,
): CustomResource | undefined {
  if (!alerts) return undefined;
  const { namespace, servicesNamespace } = args;
  const groups = pulumi
    .all([namespace, servicesNamespace, pulumi.all(proxies.map((proxy) => proxy.namespace))])
    .apply(([own, services, namespaces]) =>
      platformRules(
        services,
        // The operator names a job after the PodMonitor.
        namespaces.map((each, i) => ({ namespace: each, job: `${own}/${name}-proxies-${i}` })),
        alerts,
      ),
    );
  return createRule(`${name}-alerts`, { name: `${name}-alerts`, namespace, labels }, groups, opts);
}

/** What of Monitoring's settings the platform's rules follow. */
interface PlatformAlerts {
  readonly alerts: ResolvedAlerts | undefined;
  readonly proxies: readonly Peer[];
  readonly labels: Readonly<Record<string, string>>;
}

/** What the rules of one service are made from. */
export interface ServiceAlerts {
  readonly namespace: pulumi.Input<string>;
  /** Kubernetes Services of its servers that get requests. */
  readonly servers: readonly string[];
  /** Pods that each of them has at least. */
  readonly minimums: Readonly<Record<string, number>>;
  readonly mayWait: boolean;
  readonly objectives: ResolvedObjectives | undefined;
  readonly runbookBaseUrl: string | undefined;
  /** Labels that Prometheus looks for on rules, beyond the platform's own. */
  readonly ruleLabels: Readonly<Record<string, string>>;
  /** Where two slots share its requests. */
  readonly traffic?: SharedTraffic;
}

/**
 * Rules about one service: that it is there, that its objectives are kept, that its rollout gets on. Created after its servers, which
 * are no outage before they were there.
 */
export function createServiceAlerts(
  service: string,
  alerts: ServiceAlerts,
  opts: pulumi.CustomResourceOptions,
): CustomResource | undefined {
  const { namespace, servers, minimums, mayWait, objectives, traffic, ruleLabels } = alerts;
  const { runbookBaseUrl = ALERT_DEFAULTS.runbookBaseUrl } = alerts;
  if (mayWait && !objectives && !traffic) return undefined;
  const groups = pulumi.output(namespace).apply((known) => {
    const scope = { namespace: known, service, servers, minimums, mayWait };
    return [
      ...presenceRules(scope, runbookBaseUrl),
      ...(objectives ? objectiveRules(scope, objectives, runbookBaseUrl) : []),
      ...(traffic ? rolloutRules(scope, traffic, runbookBaseUrl) : []),
    ];
  });
  const metadata = { name: `${service}-alerts`, namespace, labels: ruleLabels };
  return createRule(`${service}-alerts`, metadata, groups, opts);
}
