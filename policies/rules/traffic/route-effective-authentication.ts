import { ClientCertificates } from "../../model/client-certificates";
import { listenerSets } from "../../model/listeners";
import { unauthenticated } from "../../model/route-authentication";
import type { StackRule } from "../../model/rule";
import { SecurityPolicies } from "../../model/security-policies";
import { nameOf, namespaceOf, type Subject } from "../../model/subject";
import { UnknownRead } from "../../model/unknown";

function byName(parents: readonly Subject[]): Map<string, Subject> {
  return new Map(
    parents.flatMap((parent) => {
      const metadata = parent.fields.get("metadata");
      if (metadata.get("name").isUnknown || metadata.get("namespace").isUnknown) return [];
      return [[`${namespaceOf(parent)}/${nameOf(parent)}`, parent] as const];
    }),
  );
}

export const routeEffectiveAuthentication: StackRule = {
  id: "route-effective-authentication",
  title: "Every route ends at an effective authentication policy",
  severity: "critical",
  description:
    "A SecurityPolicy on a route replaces the gateway's: one that only sets CORS takes the gateway's JWT check away without a word, and one that is merged over it (`mergeType`) can make its tokens optional: the two are judged together. Counted as authentication are JWT, API keys, basic auth, OIDC and external authorisation that neither tolerate a missing credential nor fail open, and a gateway that asks every client for a certificate.",
  remediation:
    'new SecurityPolicy(name, { spec: { targetRefs: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: route.metadata.name }], jwt: { providers: [provider] } } })',
  types: [
    "kubernetes:gateway.networking.k8s.io/*:HTTPRoute",
    "kubernetes:gateway.networking.k8s.io/*:GRPCRoute",
  ],
  controls: [],
  scope: "stack",
  check(stack, verdict) {
    const policies = new SecurityPolicies(stack);
    const parents = {
      gateways: byName(stack.ofKind("gateway.networking.k8s.io", "Gateway")),
      listenerSets: byName(listenerSets(stack)),
    };
    const certificates = new ClientCertificates(stack, parents);
    for (const route of stack.ofKind("gateway.networking.k8s.io", "HTTPRoute", "GRPCRoute")) {
      verdict.judge(route, () => {
        const asked = certificates.askedFor(route);
        if (asked === true) return;
        const problem = unauthenticated(route, policies, parents);
        // A policy whose targets are not known could be the missing one, or the one that replaces a good one.
        const [open] = policies.open;
        if (open) throw new UnknownRead(`${open.name}: spec.targetRefs`);
        if (problem !== undefined && asked instanceof UnknownRead) throw asked;
        if (problem !== undefined) verdict.fail(route, `${problem}.`);
      });
    }
  },
};
