import { groupBy } from "../../model/group-by";
import { type Problem, report } from "../../model/input-rule";
import { backendKey, ROUTE_TYPES, weightOf } from "../../model/route-backends";
import type { StackRule } from "../../model/rule";
import { ServicePods } from "../../model/service-pods";
import type { StackView } from "../../model/stack-view";
import { describeSubject, nameOf, namespaceOf, type Subject } from "../../model/subject";

/** Services by the key of a backend; what has no known name yet has the key "". */
function servicesByKey(stack: StackView): Map<string, Subject[]> {
  return groupBy(stack.ofKind("", "Service"), (service) => {
    const metadata = service.fields.get("metadata");
    const known = !metadata.get("name").isUnknown && !metadata.get("namespace").isUnknown;
    return known ? `Service/${namespaceOf(service)}/${nameOf(service)}` : "";
  });
}

export const liveSlotReplicas: StackRule = {
  id: "live-slot-replicas",
  title: "What a route sends traffic to is not scaled to nothing",
  severity: "high",
  description:
    "A slot that still has weight answers nothing once its workload has no pods: take the weight away first, the replicas after.",
  remediation: "spec: { replicas: 2 } // or weight: 0 on its backendRef",
  types: ROUTE_TYPES,
  controls: [],
  scope: "stack",
  check(stack, verdict) {
    const pods = new ServicePods(stack);
    if (!pods.someMayBeStopped) return;
    const services = servicesByKey(stack);
    for (const route of stack.ofKind("gateway.networking.k8s.io", "HTTPRoute", "GRPCRoute")) {
      verdict.judge(route, () => {
        const reported = new Set<string>();
        for (const rule of route.fields.get("spec", "rules").items())
          verdict.judge(route, () => {
            for (const ref of rule.get("backendRefs").items())
              verdict.judge(route, () => {
                const key = backendKey(route, ref);
                const problem = reported.has(key) ? undefined : problemOf(key, services, pods);
                if (problem === undefined || weightOf(ref) <= 0) return;
                reported.add(key);
                report(verdict, route, problem);
              });
          });
      });
    }
  },
};

/** What is wrong with traffic to a backend. */
function problemOf(
  key: string,
  services: ReadonlyMap<string, readonly Subject[]>,
  pods: ServicePods,
): Problem {
  const [service] = services.get(key) ?? [];
  if (!service) {
    const [unnamed] = key.startsWith("Service/") ? (services.get("") ?? []) : [];
    return (
      unnamed && { doubt: `may send traffic to Service \`${unnamed.name}\`, whose name is not known yet.` }
    );
  }
  const backing = pods.behind(service);
  if (backing === "runs") return undefined;
  return "stopped" in backing
    ? `sends traffic to ${describeSubject(backing.stopped)}, which has 0 replicas.`
    : {
        doubt: `sends traffic to ${describeSubject(backing.doubt)}, which may have 0 replicas: that is not known yet.`,
      };
}
