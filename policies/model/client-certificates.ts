import type { StackView } from "./stack-view";
import { nameOf, namespaceOf, type Subject } from "./subject";
import { UnknownRead } from "./unknown";

/** Gateways that let nobody connect without a certificate, by `namespace/name`. */
export interface MutualTls {
  readonly gateways: ReadonlySet<string>;
  /** A policy of which that cannot be said yet. */
  readonly open: Subject | undefined;
}

/** Reads them from Envoy Gateway's ClientTrafficPolicies; one on a single listener says nothing about the others. */
export function mutualTls(stack: StackView): MutualTls {
  const gateways = new Set<string>();
  let open: Subject | undefined;
  for (const policy of stack.ofKind("gateway.envoyproxy.io", "ClientTrafficPolicy")) {
    try {
      for (const name of required(policy)) gateways.add(`${namespaceOf(policy)}/${name}`);
    } catch (error) {
      if (!(error instanceof UnknownRead)) throw error;
      open = policy;
    }
  }
  return { gateways, open };
}

/** Whether the parents of a route are all such gateways. @throws UnknownRead */
export function asksForCertificates(route: Subject, { gateways }: MutualTls): boolean {
  const parents = route.fields.get("spec", "parentRefs").items();
  return (
    parents.length > 0 &&
    parents.every((parent) =>
      gateways.has(
        `${parent.get("namespace").string() ?? namespaceOf(route)}/${parent.get("name").string() ?? ""}`,
      ),
    )
  );
}

function required(policy: Subject): string[] {
  const spec = policy.fields.get("spec");
  const validation = spec.get("tls", "clientValidation");
  if (validation.get("caCertificateRefs").items().length === 0 || !validation.get("optional").isOff())
    return [];
  const single = spec.get("targetRef");
  return [...spec.get("targetRefs").items(), ...(single.exists() ? [single] : [])]
    .filter((ref) => ref.get("kind").string() === "Gateway" && !ref.get("sectionName").exists())
    .map((ref) => ref.get("name").string() ?? nameOf(policy));
}
