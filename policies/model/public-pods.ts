import { declaredPods, type DeclaredPods } from "./declared-pods";
import { groupBy } from "./group-by";
import { selects, selectsByMap } from "./labels";
import type { StackView } from "./stack-view";
import { nameOf, namespaceOf, type Subject } from "./subject";
import { ask, UnknownRead } from "./unknown";

/** Steps to each reference by which the API server calls a Service, at an address that no selector of peers names. */
const CALLED: readonly (readonly [group: string, kinds: readonly string[], path: readonly string[]])[] = [
  [
    "admissionregistration.k8s.io",
    ["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"],
    ["webhooks", "*", "clientConfig", "service"],
  ],
  ["apiregistration.k8s.io", ["APIService"], ["spec", "service"]],
  [
    "apiextensions.k8s.io",
    ["CustomResourceDefinition"],
    ["spec", "conversion", "webhook", "clientConfig", "service"],
  ],
];

/** Labels that controllers give to the proxies of a gateway. */
const PROXY_LABELS = [
  "gateway.networking.k8s.io/gateway-name",
  "gateway.envoyproxy.io/owning-gateway-name",
  "gateway.envoyproxy.io/owning-gatewayclass",
];

const NAME_LABEL = "app.kubernetes.io/name";

/** Proxies by the names that their own charts give them. */
const PROXIES = [
  "envoy",
  "ingress-nginx",
  "traefik",
  "contour",
  "kong",
  "haproxy-ingress",
  "kubernetes-ingress",
];

type Labels = ReadonlyMap<string, string>;

/** The pods that callers from outside the cluster, or its API server, are meant to reach. */
export class PublicPods {
  private readonly pods: DeclaredPods;
  private readonly services: ReadonlyMap<string, readonly Subject[]>;
  /** What is not known yet of a Service, or of what calls one. */
  readonly open: UnknownRead | undefined;

  constructor(stack: StackView) {
    this.pods = declaredPods(stack);
    const called = calledServices(stack);
    let { open } = called;
    const found = stack.ofKind("", "Service").filter((service) => {
      const isPublic = ask(() => {
        const type = service.fields.get("spec", "type").string();
        service.fields.get("spec", "selector").stringMap();
        const name = `${namespaceOf(service)}/${nameOf(service)}`;
        return type === "LoadBalancer" || type === "NodePort" || called.names.has(name);
      });
      if (isPublic instanceof UnknownRead) open ??= isPublic;
      return isPublic === true;
    });
    this.services = groupBy(found, namespaceOf);
    this.open = open;
  }

  /** Whether all pods that a NetworkPolicy picks are such pods. @throws UnknownRead */
  areAllPickedBy(policy: Subject): boolean {
    const selector = policy.fields.get("spec", "podSelector");
    const namespace = namespaceOf(policy);
    const services = this.services.get(namespace) ?? [];
    const isPublic = (labels: Labels): boolean =>
      isProxy(labels) || services.some(({ fields }) => selectsByMap(fields.get("spec", "selector"), labels));
    const asked = selector.get("matchLabels").stringMap();
    if (isProxy(asked)) return true;
    const declared = this.pods.byNamespace.get(namespace) ?? [];
    const picked = declared.map(({ labels }) => labels).filter((labels) => selects(selector, labels));
    // Of pods that somebody else makes no more is known than what the policy asks of them.
    const all = picked.length > 0 ? picked : [asked];
    const areAll = all.every(isPublic);
    // Its pods may be others.
    if (areAll && this.pods.open) throw this.pods.open;
    return areAll;
  }
}

function isProxy(labels: Labels): boolean {
  return PROXY_LABELS.some((label) => labels.has(label)) || PROXIES.includes(labels.get(NAME_LABEL) ?? "");
}

function calledServices(stack: StackView): { names: ReadonlySet<string>; open: UnknownRead | undefined } {
  const names = new Set<string>();
  let open: UnknownRead | undefined;
  for (const [group, kinds, path] of CALLED) {
    for (const { fields } of stack.ofKind(group, ...kinds)) {
      const asked = ask(() => {
        for (const service of fields.all(path))
          names.add(`${service.get("namespace").string()}/${service.get("name").string()}`);
      });
      if (asked instanceof UnknownRead) open ??= asked;
    }
  }
  return { names, open };
}
