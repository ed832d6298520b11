import type { Field } from "./field";
import { groupBy } from "./group-by";
import type { StackView } from "./stack-view";
import { kubernetesKind, nameOf, namespaceOf, type Subject } from "./subject";
import { UnknownRead } from "./unknown";

export const SCALER_TYPES = [
  "kubernetes:autoscaling/*:HorizontalPodAutoscaler",
  "kubernetes:keda.sh/*:ScaledObject",
];

/** Least and most replicas of a HorizontalPodAutoscaler or a ScaledObject, and the least where it is left out. */
export function boundsOf(scaler: Subject): {
  readonly least: Field;
  readonly most: Field;
  readonly leastByDefault: number;
} {
  const spec = scaler.fields.get("spec");
  return isKeda(scaler)
    ? {
        least: spec.get("minReplicaCount"),
        most: spec.get("maxReplicaCount"),
        leastByDefault: 0,
      }
    : {
        least: spec.get("minReplicas"),
        most: spec.get("maxReplicas"),
        leastByDefault: 1,
      };
}

function isKeda(scaler: Subject): boolean {
  return kubernetesKind(scaler.type)?.group === "keda.sh";
}

/** Scalers of the stack by `namespace/Kind/name` of what they scale; one whose target is not known has the key "". */
export function scalersByTarget(stack: StackView): Map<string, Subject[]> {
  const all = [
    ...stack.ofKind("autoscaling", "HorizontalPodAutoscaler"),
    ...stack.ofKind("keda.sh", "ScaledObject"),
  ];
  return groupBy(all, ({ fields }) => {
    const target = fields.get("spec", "scaleTargetRef");
    const [namespace, kind, name] = [
      fields.get("metadata", "namespace"),
      target.get("kind"),
      target.get("name"),
    ];
    if (namespace.isUnknown || kind.isUnknown || name.isUnknown) return "";
    // KEDA's objects need not say what kind they scale.
    return `${namespace.string() ?? "default"}/${kind.string() ?? "Deployment"}/${name.string()}`;
  });
}

/**
 * The scalers of a workload, by those of `scalersByTarget`.
 * @throws UnknownRead where it has none, and one may be meant for it whose target is not known yet
 */
export function scalersOf(
  workload: Subject,
  byTarget: ReadonlyMap<string, readonly Subject[]>,
): readonly Subject[] {
  const kind = kubernetesKind(workload.type)?.kind ?? "";
  const [namespace, name] = [namespaceOf(workload), nameOf(workload)];
  const own = byTarget.get(`${namespace}/${kind}/${name}`);
  if (own) return own;
  const open = byTarget.get("")?.find(({ fields }) => {
    const target = fields.get("spec", "scaleTargetRef");
    const mayBe = (field: Field, wanted: string, absent?: string): boolean =>
      field.isUnknown || (field.string() ?? absent) === wanted;
    return (
      mayBe(fields.get("metadata", "namespace"), namespace, "default") &&
      mayBe(target.get("kind"), kind, "Deployment") &&
      mayBe(target.get("name"), name)
    );
  });
  if (open) throw new UnknownRead(`${open.name}: spec.scaleTargetRef`);
  return [];
}
