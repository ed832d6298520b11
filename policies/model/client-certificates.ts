import type { Field } from "./field";
import { picksListener } from "./redirects";
import type { Gateways } from "./route-authentication";
import { type Attachment, SecurityPolicies } from "./security-policies";
import type { StackView } from "./stack-view";
import { namespaceOf, type Subject } from "./subject";
import { UnknownRead } from "./unknown";

/**
 * Which routes only clients with a certificate reach, by Envoy Gateway's ClientTrafficPolicies. A listener's own policy replaces
 * the gateway's, and what speaks plain HTTP asks for nothing.
 */
export class ClientCertificates {
  private readonly policies: SecurityPolicies;

  constructor(
    stack: StackView,
    private readonly gateways: Gateways,
  ) {
    this.policies = new SecurityPolicies(stack, "ClientTrafficPolicy");
  }

  /** Whether every listener that serves a route asks for one; the error where that cannot be said yet. */
  askedFor(route: Subject): boolean | UnknownRead {
    try {
      const [open] = this.policies.open;
      if (open) return new UnknownRead(`${open.name}: spec.targetRefs`);
      const parents = route.fields.get("spec", "parentRefs").items();
      return parents.length > 0 && parents.every((parent) => this.askedBy(parent, route));
    } catch (error) {
      if (error instanceof UnknownRead) return error;
      throw error;
    }
  }

  private askedBy(parent: Field, route: Subject): boolean {
    if ((parent.get("kind").string() ?? "Gateway") !== "Gateway") return false;
    const namespace = parent.get("namespace").string() ?? namespaceOf(route);
    const name = parent.get("name").string() ?? "";
    const gateway = this.gateways.get(`${namespace}/${name}`);
    const labels = gateway?.fields.get("metadata", "labels").stringMap() ?? new Map<string, string>();
    const attachments = this.policies.on({ kind: "Gateway", namespace, name, labels });
    const whole = attachments.filter(({ section }) => section === undefined);
    // Of a gateway that another stack has nobody can see the listeners: all that is said of it must ask.
    if (!gateway) return whole.length > 0 && attachments.every(demands);
    const serving = gateway.fields
      .get("spec", "listeners")
      .items()
      .filter((listener) => picksListener(parent, listener));
    return (
      serving.length > 0 && serving.every((listener) => isEncrypted(listener) && asks(listener, attachments))
    );
  }
}

/** TCP and HTTP have no handshake in which a certificate could be shown. */
function isEncrypted(listener: Field): boolean {
  return ["HTTPS", "TLS"].includes(listener.get("protocol").string() ?? "");
}

/** Of several policies on one target the oldest wins, which nobody can see here: so each must ask. */
function asks(listener: Field, attachments: readonly Attachment[]): boolean {
  const on = (name: string | undefined) => attachments.filter(({ section }) => section === name);
  const own = on(listener.get("name").string());
  const effective = own.length > 0 ? own : on(undefined);
  return effective.length > 0 && effective.every(demands);
}

/** @throws UnknownRead */
function demands({ policy }: Attachment): boolean {
  const validation = policy.fields.get("spec", "tls", "clientValidation");
  return validation.get("caCertificateRefs").items().length > 0 && validation.get("optional").isOff();
}
