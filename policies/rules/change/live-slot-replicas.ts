import { groupBy } from "../../model/group-by";
import { selectsByMap } from "../../model/labels";
import { podTemplateOf } from "../../model/pods";
import { backendKey, ROUTE_TYPES, weightOf } from "../../model/route-backends";
import type { StackRule } from "../../model/rule";
import { boundsOf, scalersByTarget } from "../../model/scalers";
import type { StackView } from "../../model/stack-view";
import { describeSubject, kubernetesKind, nameOf, namespaceOf, type Subject } from "../../model/subject";
import { UnknownRead } from "../../model/unknown";

const SCALED: readonly (readonly [group: string, kind: string])[] = [
  ["apps", "Deployment"],
  ["apps", "StatefulSet"],
  ["apps", "ReplicaSet"],
  ["argoproj.io", "Rollout"],
];

/** What is scaled to nothing, and what no autoscaler brings back. */
function stopped(stack: StackView, workloads: readonly Subject[]): Subject[] {
  const scalers = scalersByTarget(stack);
  return workloads.filter((workload) => {
    try {
      if (workload.fields.get("spec", "replicas").value() !== 0) return false;
      const kind = kubernetesKind(workload.type)?.kind ?? "";
      const own = scalers.get(`${namespaceOf(workload)}/${kind}/${nameOf(workload)}`) ?? [];
      return !own.some((scaler) => boundsOf(scaler).most.value() !== 0);
    } catch (error) {
      if (error instanceof UnknownRead) return false;
      throw error;
    }
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
    const workloads = SCALED.flatMap(([group, kind]) => stack.ofKind(group, kind));
    const idle = new Set(stopped(stack, workloads));
    if (idle.size === 0) return;
    const byNamespace = groupBy(workloads, (workload) =>
      workload.fields.get("metadata", "namespace").isUnknown ? "" : namespaceOf(workload),
    );
    const services = groupBy(stack.ofKind("", "Service"), (service) => {
      const metadata = service.fields.get("metadata");
      const known = !metadata.get("name").isUnknown && !metadata.get("namespace").isUnknown;
      return known ? `Service/${namespaceOf(service)}/${nameOf(service)}` : "";
    });
    for (const route of stack.ofKind("gateway.networking.k8s.io", "HTTPRoute", "GRPCRoute")) {
      verdict.judge(route, () => {
        const reported = new Set<string>();
        for (const ref of route.fields
          .get("spec", "rules")
          .items()
          .flatMap((rule) => rule.get("backendRefs").items())) {
          if (weightOf(ref) <= 0) continue;
          const key = backendKey(route, ref);
          const service = services.get(key)?.[0];
          if (!service || reported.has(key)) continue;
          const selector = service.fields.get("spec", "selector");
          const pods = (byNamespace.get(namespaceOf(service)) ?? []).filter((workload) =>
            selectsByMap(
              selector,
              podTemplateOf(workload)?.get("metadata", "labels").stringMap() ?? new Map(),
            ),
          );
          const [first] = pods;
          if (!first || !pods.every((workload) => idle.has(workload))) continue;
          reported.add(key);
          verdict.fail(route, `sends traffic to ${describeSubject(first)}, which has 0 replicas.`);
        }
      });
    }
  },
};
