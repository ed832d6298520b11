import type { Field } from "../../model/field";
import { groupBy } from "../../model/group-by";
import type { StackRule } from "../../model/rule";
import type { StackView } from "../../model/stack-view";
import { nameOf, namespaceOf, type Subject } from "../../model/subject";
import { UnknownRead } from "../../model/unknown";

interface Target {
  readonly key: string;
  readonly port: string | undefined;
}

/** @throws UnknownRead */
function targetsOf(policy: Subject): Target[] {
  return policy.fields
    .get("spec", "targetRefs")
    .items()
    .map((ref) => ({
      key: `${ref.get("kind").string() ?? ""}/${namespaceOf(policy)}/${ref.get("name").string() ?? ""}`,
      port: ref.get("sectionName").string(),
    }));
}

/** What BackendTLSPolicies cover, and one whose targets are not known yet. */
function readPolicies(stack: StackView): { covered: Map<string, Target[]>; open: Subject | undefined } {
  const targets: Target[] = [];
  let open: Subject | undefined;
  for (const policy of stack.ofKind("gateway.networking.k8s.io", "BackendTLSPolicy")) {
    try {
      targets.push(...targetsOf(policy));
    } catch (error) {
      if (!(error instanceof UnknownRead)) throw error;
      open = policy;
    }
  }
  return { covered: groupBy(targets, ({ key }) => key), open };
}

/** Every backend that a route can send a request to, copies of requests included. @throws UnknownRead */
function backendsOf(route: Subject): Field[] {
  const mirrors = (owner: Field) =>
    owner
      .get("filters")
      .items()
      .map((filter) => filter.get("requestMirror", "backendRef"))
      .filter((backend) => backend.exists());
  return route.fields
    .get("spec", "rules")
    .items()
    .flatMap((rule) => {
      const backends = rule.get("backendRefs").items();
      return [...backends, ...mirrors(rule), ...backends.flatMap(mirrors)];
    });
}

function keyOf(subject: Subject, kind: string): string {
  const metadata = subject.fields.get("metadata");
  const known = !metadata.get("name").isUnknown && !metadata.get("namespace").isUnknown;
  return known ? `${kind}/${namespaceOf(subject)}/${nameOf(subject)}` : "";
}

/** The port's name, by which a policy can cover one port of a Service. @throws UnknownRead */
function portName(service: Subject | undefined, number: unknown): string | undefined {
  const ports = service?.fields.get("spec", "ports").items() ?? [];
  return ports
    .find((port) => port.get("port").value() === number)
    ?.get("name")
    .string();
}

export const routeBackendTls: StackRule = {
  id: "route-backend-tls",
  title: "The gateway speaks TLS to every backend",
  severity: "high",
  description:
    "TLS that ends at the gateway leaves tokens, inputs and answers readable between gateway and server.",
  remediation:
    'new BackendTLSPolicy(name, { spec: { targetRefs: [{ group: "", kind: "Service", name: service.metadata.name }], validation: { hostname, caCertificateRefs } } })',
  types: [
    "kubernetes:gateway.networking.k8s.io/*:HTTPRoute",
    "kubernetes:gateway.networking.k8s.io/*:GRPCRoute",
  ],
  controls: [],
  scope: "stack",
  check(stack, verdict) {
    const { covered, open } = readPolicies(stack);
    const services = groupBy(stack.ofKind("", "Service"), (service) => keyOf(service, "Service"));
    const backends = groupBy(stack.ofKind("gateway.envoyproxy.io", "Backend"), (backend) =>
      keyOf(backend, "Backend"),
    );
    for (const route of stack.ofKind("gateway.networking.k8s.io", "HTTPRoute", "GRPCRoute")) {
      const reported = new Set<string>();
      verdict.judge(route, () => {
        for (const ref of backendsOf(route)) {
          verdict.judge(route, () => {
            const kind = ref.get("kind").string() ?? "Service";
            const name = ref.get("name").string() ?? "";
            const key = `${kind}/${ref.get("namespace").string() ?? namespaceOf(route)}/${name}`;
            if (reported.has(key) || backends.get(key)?.[0]?.fields.get("spec", "tls").exists()) return;
            const targets = covered.get(key) ?? [];
            const port = portName(services.get(key)?.[0], ref.get("port").value());
            if (targets.some((target) => target.port === undefined || target.port === port)) return;
            reported.add(key);
            if (open)
              verdict.indeterminate(
                route,
                `sends to \`${name}\`, which a BackendTLSPolicy may cover that is not known yet.`,
              );
            else verdict.fail(route, `sends to \`${name}\` without TLS: no BackendTLSPolicy covers it.`);
          });
        }
      });
    }
  },
};
