import type { Field } from "./field";
import { groupBy } from "./group-by";
import { podTemplatesOf, POD_KINDS } from "./pods";
import type { StackView } from "./stack-view";
import { namespaceOf } from "./subject";
import { ask, UnknownRead } from "./unknown";

export interface DeclaredPod {
  readonly namespace: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly template: Field;
}

export interface DeclaredPods {
  readonly byNamespace: ReadonlyMap<string, readonly DeclaredPod[]>;
  /** What is not known yet of a workload: its pods may be anywhere, with any labels. */
  readonly open: UnknownRead | undefined;
}

/** Pods of the workloads that a stack declares, by their namespace. */
export function declaredPods(stack: StackView): DeclaredPods {
  let open: UnknownRead | undefined;
  const known = POD_KINDS.flatMap(([group, kind]) => stack.ofKind(group, kind)).flatMap((workload) => {
    const found = ask(() => {
      const namespace = namespaceOf(workload);
      return podTemplatesOf(workload).map((template) => ({
        namespace,
        labels: template.get("metadata", "labels").stringMap(),
        template,
      }));
    });
    if (!(found instanceof UnknownRead)) return found;
    open ??= found;
    return [];
  });
  return { byNamespace: groupBy(known, ({ namespace }) => namespace), open };
}
