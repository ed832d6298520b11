import type * as k8s from "@pulumi/kubernetes/types/input";
import * as pulumi from "@pulumi/pulumi";
import type { ResolvedAlerting } from "../observability/alertmanager-checks";
import type { AlertRoute } from "../observability/alertmanager-settings";
import { ANY_ADDRESS } from "../model/repository-models";
import { routeMatchers } from "./alertmanager-matchers";
import { receiverFlows, receiverSpecs } from "./alertmanager-receivers";
import { PART_OF } from "./labels";
import { DNS_EGRESS, peer, type Peer } from "./network-policy";
import { restrictedPod } from "./pod-security";
import { claimTemplate, containersOf, operatedPods, type Sidecar } from "./prometheus";

export const ALERTMANAGER_PORT = 9093;
/** On which the pods of one Alertmanager tell each other what they have told. */
const GOSSIP_PORT = 9094;
const ALERTMANAGER_UID = 65534;

/** Name of the Service. */
export function alertmanagerService(name: string): string {
  return `${name}-alertmanager`;
}

/** Labels that the operator gives the pods of an Alertmanager. */
export function alertmanagerPodLabels(name: string): Record<string, string> {
  return { "app.kubernetes.io/name": "alertmanager", alertmanager: name };
}

/** Labels by which an Alertmanager finds its configuration. */
export function configLabels(name: string): Record<string, string> {
  return { ...PART_OF, "app.kubernetes.io/instance": name };
}

/** Alertmanager custom resource. */
export function alertmanagerSpec(
  settings: ResolvedAlerting & {
    readonly name: string;
    readonly configReloaderImage: string | undefined;
    readonly serviceAccountName: pulumi.Input<string>;
    readonly externalUrl: pulumi.Input<string> | undefined;
    readonly sidecar: Sidecar | undefined;
  },
) {
  const { name, image, version, replicas, retention, storage, sidecar } = settings;
  return {
    ...(image === undefined ? {} : { image }),
    ...(version === undefined ? {} : { version }),
    ...(settings.externalUrl === undefined ? {} : { externalUrl: settings.externalUrl }),
    replicas,
    retention,
    serviceAccountName: settings.serviceAccountName,
    // It asks the API server nothing.
    automountServiceAccountToken: false,
    alertmanagerConfigSelector: { matchLabels: configLabels(name) },
    // Else only alerts of Alertmanager's own namespace would be routed.
    alertmanagerConfigMatcherStrategy: { type: "None" },
    podMetadata: { labels: { ...PART_OF } },
    resources: {
      requests: { cpu: settings.cpuRequest, memory: settings.memoryRequest },
      limits: { memory: settings.memoryLimit },
    },
    ...(storage === undefined ? {} : { storage: claimTemplate(storage) }),
    securityContext: restrictedPod(ALERTMANAGER_UID),
    ...operatedPods(alertmanagerPodLabels(name), replicas),
    ...containersOf(settings.configReloaderImage, sidecar),
  };
}

function routeSpec(route: AlertRoute): object {
  const { receiver, groupBy, groupWait, groupInterval, repeatInterval } = route;
  return {
    receiver,
    matchers: routeMatchers(route),
    ...(groupBy === undefined ? {} : { groupBy: [...groupBy] }),
    ...(groupWait === undefined ? {} : { groupWait }),
    ...(groupInterval === undefined ? {} : { groupInterval }),
    ...(repeatInterval === undefined ? {} : { repeatInterval }),
    ...(route.continue ? { continue: true } : {}),
  };
}

/** AlertmanagerConfig custom resource: who is told of what, with secrets by their name only. */
export function alertmanagerConfigSpec(settings: ResolvedAlerting, secretName: pulumi.Input<string>) {
  const { receivers, receiver, routes, groupBy, groupWait, groupInterval, repeatInterval } = settings;
  const is = (value: string) => [{ name: "severity", matchType: "=", value }];
  return {
    receivers: receiverSpecs(receivers, secretName),
    route: {
      receiver,
      groupBy: [...groupBy],
      groupWait,
      groupInterval,
      repeatInterval,
      routes: routes.map(routeSpec),
    },
    // A rollout's pages are about the service that both slots answer for, most tickets about a slot.
    inhibitRules: settings.inhibitTickets
      ? ["service", "rollout"].map((label) => ({
          // Labels that both lack are equal too: a page of no service would hold back every ticket of none.
          sourceMatch: [...is("page"), { name: label, matchType: "=~", value: ".+" }],
          targetMatch: is("ticket"),
          equal: ["namespace", label],
        }))
      : [],
  };
}

/** Exactly the flows of Alertmanager: alerts from Prometheus, queries of readers, receivers and DNS outwards, and its own pods. */
export function alertmanagerPolicy(flows: {
  readonly name: string;
  readonly settings: ResolvedAlerting;
  readonly senders: readonly Peer[];
  readonly readerCidrs: readonly string[];
  /** Proxies of the gateway, and the port on which they are asked for TLS. */
  readonly proxies: { readonly peers: readonly Peer[]; readonly port: number };
}): k8s.networking.v1.NetworkPolicySpec {
  const { name, settings, senders, readerCidrs, proxies } = flows;
  const podLabels = alertmanagerPodLabels(name);
  const tcp = (port: pulumi.Input<number>) => ({ protocol: "TCP", port });
  const gossip = [tcp(GOSSIP_PORT), { protocol: "UDP", port: GOSSIP_PORT }];
  const own = [{ podSelector: { matchLabels: podLabels } }];
  const { outside, pods } = receiverFlows(settings.receivers);
  const ranges = settings.receiverCidrs?.map((cidr) => ({ cidr })) ?? [
    { cidr: ANY_ADDRESS.cidr, except: [...ANY_ADDRESS.except] },
  ];
  const ports = pulumi.all([...outside]).apply((all) => [...new Set(all)].sort((a, b) => a - b).map(tcp));
  const clustered = settings.replicas > 1;
  return {
    podSelector: { matchLabels: podLabels },
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      {
        from: [...senders.map(peer), ...readerCidrs.map((cidr) => ({ ipBlock: { cidr } }))],
        ports: [tcp(ALERTMANAGER_PORT)],
      },
      ...(proxies.peers.length === 0 ? [] : [{ from: proxies.peers.map(peer), ports: [tcp(proxies.port)] }]),
      ...(clustered ? [{ from: own, ports: gossip }] : []),
    ],
    egress: [
      DNS_EGRESS,
      ...(outside.length === 0 ? [] : [{ to: ranges.map((ipBlock) => ({ ipBlock })), ports }]),
      ...pods.map((target) => ({ to: [peer(target)], ports: [tcp(target.port)] })),
      ...(clustered ? [{ to: own, ports: gossip }] : []),
    ],
  };
}
