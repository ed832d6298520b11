import type { Field } from "./field";
import { groupBy } from "./group-by";
import { selectsByMap } from "./labels";
import { podTemplateOf } from "./pods";
import { boundsOf, scalersByTarget, scalersOf } from "./scalers";
import type { StackView } from "./stack-view";
import { namespaceOf, type Subject } from "./subject";
import { ask, UnknownRead } from "./unknown";

const SCALED: readonly (readonly [group: string, kind: string])[] = [
  ["apps", "Deployment"],
  ["apps", "StatefulSet"],
  ["apps", "ReplicaSet"],
  ["argoproj.io", "Rollout"],
];

interface Workload {
  readonly subject: Subject;
  /** Whether it has no pods, and no autoscaler brings them back. */
  readonly isStopped: boolean | UnknownRead;
  readonly labels: ReadonlyMap<string, string> | UnknownRead;
}

/** What answers for a Service: nothing but a workload without pods, perhaps nothing, or something. */
export type Backing = { readonly stopped: Subject } | { readonly doubt: Subject } | "runs";

/** Which workloads answer for a Service, and whether they have any pods. */
export class ServicePods {
  /** Those whose namespace is not known have none here. */
  private readonly byNamespace: Map<string | undefined, Workload[]>;
  /** Whether there is a workload that has no pods, or may have none. */
  readonly someMayBeStopped: boolean;

  constructor(stack: StackView) {
    const scalers = scalersByTarget(stack);
    const workloads = SCALED.flatMap(([group, kind]) => stack.ofKind(group, kind)).map(
      (subject): Workload => ({
        subject,
        isStopped: ask(() => isStopped(subject, scalers)),
        labels: ask(() => podTemplateOf(subject)?.get("metadata", "labels").stringMap() ?? new Map()),
      }),
    );
    this.someMayBeStopped = workloads.some(({ isStopped }) => isStopped !== false);
    this.byNamespace = groupBy(workloads, ({ subject }) => knownNamespace(subject));
  }

  /** @throws UnknownRead where the Service's namespace is not known */
  behind(service: Subject): Backing {
    const selector = service.fields.get("spec", "selector");
    const picked: Workload[] = [];
    const perhaps: Workload[] = [...(this.byNamespace.get(undefined) ?? [])];
    for (const workload of this.byNamespace.get(namespaceOf(service)) ?? []) {
      const isPicked = picks(selector, workload);
      if (isPicked instanceof UnknownRead) perhaps.push(workload);
      else if (isPicked) picked.push(workload);
    }
    if (picked.some(({ isStopped }) => isStopped === false)) return "runs";
    const doubtful = [...picked, ...perhaps].find(({ isStopped }) => isStopped !== false);
    if (!doubtful) return "runs";
    const areStopped = [...picked, ...perhaps].every(({ isStopped }) => isStopped === true);
    const [first] = picked;
    return first && areStopped ? { stopped: first.subject } : { doubt: doubtful.subject };
  }
}

function knownNamespace(subject: Subject): string | undefined {
  const namespace = ask(() => namespaceOf(subject));
  return namespace instanceof UnknownRead ? undefined : namespace;
}

function picks(selector: Field, { labels }: Workload): boolean | UnknownRead {
  return labels instanceof UnknownRead ? labels : ask(() => selectsByMap(selector, labels));
}

/** @throws UnknownRead */
function isStopped(workload: Subject, scalers: ReadonlyMap<string, readonly Subject[]>): boolean {
  if (workload.fields.get("spec", "replicas").value() !== 0) return false;
  return !scalersOf(workload, scalers).some((scaler) => boundsOf(scaler).most.value() !== 0);
}
