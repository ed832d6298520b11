/**
 * The parts of the Kubernetes objects that decide about a flow, as they stand in a manifest. Structural on purpose: what
 * a watch delivers, what a YAML file holds and what a test writes down all fit.
 */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelExpression[];
}

export interface LabelExpression {
  readonly key: string;
  /** In, NotIn, Exists or DoesNotExist. */
  readonly operator: string;
  readonly values?: readonly string[];
}

export interface PolicyPort {
  /** @default TCP */
  readonly protocol?: string;
  /** A number, or the name of a container port. Without it every port of the protocol matches. */
  readonly port?: number | string;
  /** Last port of a range that starts at `port`. */
  readonly endPort?: number;
}

export interface PolicyPeer {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

export interface IngressRule {
  readonly from?: readonly PolicyPeer[];
  readonly ports?: readonly PolicyPort[];
}

export interface EgressRule {
  readonly to?: readonly PolicyPeer[];
  readonly ports?: readonly PolicyPort[];
}

export interface NetworkPolicy {
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
  readonly spec?: {
    readonly podSelector?: LabelSelector;
    readonly policyTypes?: readonly string[];
    readonly ingress?: readonly IngressRule[];
    readonly egress?: readonly EgressRule[];
  };
}

export interface ContainerPort {
  readonly name?: string;
  readonly containerPort: number;
  readonly protocol?: string;
}

interface Container {
  readonly ports?: readonly ContainerPort[];
  /** `Always` on an init container makes it a sidecar, whose ports count. */
  readonly restartPolicy?: string;
}

export interface Pod {
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec?: {
    readonly hostNetwork?: boolean;
    readonly containers?: readonly Container[];
    readonly initContainers?: readonly Container[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly podIPs?: readonly { readonly ip?: string }[];
  };
}

export interface Namespace {
  readonly metadata?: { readonly name?: string; readonly labels?: Readonly<Record<string, string>> };
}

/** Everything that decides which connections are allowed, at one moment. */
export interface PolicyState {
  readonly policies: readonly NetworkPolicy[];
  readonly pods: readonly Pod[];
  readonly namespaces: readonly Namespace[];
}

/** The protocols that a NetworkPolicy can speak of. */
export const protocols = ["TCP", "UDP", "SCTP"] as const;
export type Protocol = (typeof protocols)[number];

/** The namespace that an object without one lands in. */
export const defaultNamespace = "default";

/** Container ports of a pod that a policy can name: its containers' and its sidecars'. */
export function portsOf(pod: Pod): ContainerPort[] {
  const sidecars = (pod.spec?.initContainers ?? []).filter((each) => each.restartPolicy === "Always");
  return [...(pod.spec?.containers ?? []), ...sidecars].flatMap((container) => container.ports ?? []);
}
