import { demandsCertificate } from "./client-validation";
import type { Field } from "./field";
import { picksListener } from "./redirects";
import { resolveParent, wholeOf, type Parents } from "./route-parents";
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
    private readonly parents: Parents,
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

  private askedBy(reference: Field, route: Subject): boolean {
    const resolved = resolveParent(reference, namespaceOf(route), this.policies, this.parents);
    const whole = wholeOf(resolved, this.policies, this.parents);
    const { parent, attachments } = resolved;
    // Of what another stack has nobody can see the listeners: all that is said of it must ask.
    if (!parent) return whole.length > 0 && attachments.every(demands);
    const serving = parent.fields
      .get("spec", "listeners")
      .items()
      .filter((listener) => picksListener(reference, listener));
    return (
      serving.length > 0 &&
      serving.every((listener) => isEncrypted(listener) && asks(listener, attachments, whole))
    );
  }
}

/** TCP and HTTP have no handshake in which a certificate could be shown. */
function isEncrypted(listener: Field): boolean {
  return ["HTTPS", "TLS"].includes(listener.get("protocol").string() ?? "");
}

/** Of several policies on one target the oldest wins, which nobody can see here: so each must ask. */
function asks(listener: Field, attachments: readonly Attachment[], whole: readonly Attachment[]): boolean {
  const name = listener.get("name").string();
  const own = attachments.filter(({ section }) => section !== undefined && section === name);
  const effective = own.length > 0 ? own : whole;
  return effective.length > 0 && effective.every(demands);
}

/** @throws UnknownRead */
function demands({ policy }: Attachment): boolean {
  return demandsCertificate(policy.fields.get("spec", "tls", "clientValidation"));
}
