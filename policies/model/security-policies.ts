import type { Field } from "./field";
import { groupBy } from "./group-by";
import { SelectorIndex } from "./selector-index";
import type { StackView } from "./stack-view";
import { namespaceOf, type Subject } from "./subject";
import { UnknownRead } from "./unknown";

/** A policy on a target: on the whole of it, or on one section (a route's rule, a gateway's listener). */
export interface Attachment {
  readonly policy: Subject;
  readonly section: string | undefined;
}

/** Something a policy can target. */
export interface PolicyTarget {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
}

/** One entry of `targetSelectors`, shaped like a subject of the policy's namespace so that it can be indexed. */
interface SelectorEntry {
  readonly policy: Subject;
  readonly kind: string;
  readonly selector: Field;
}

/**
 * Which of Envoy Gateway's policies of one kind target what: by `targetRefs`, the older `targetRef` and `targetSelectors`.
 * It looks for targets in the policy's own namespace.
 */
export class SecurityPolicies {
  private readonly byName: Map<string, { key: string; attachment: Attachment }[]>;
  private readonly bySelector = new Map<string, SelectorIndex>();
  /** Policies whose targets are not known yet, or lie in other namespaces by a selector. */
  readonly open: readonly Subject[];

  constructor(stack: StackView, kind: "SecurityPolicy" | "ClientTrafficPolicy" = "SecurityPolicy") {
    const named: { key: string; attachment: Attachment }[] = [];
    const selecting: SelectorEntry[] = [];
    const open: Subject[] = [];
    for (const policy of stack.ofKind("gateway.envoyproxy.io", kind)) {
      try {
        named.push(...namedTargets(policy));
        selecting.push(...selectedTargets(policy));
      } catch (error) {
        if (!(error instanceof UnknownRead)) throw error;
        open.push(policy);
      }
    }
    this.byName = groupBy(named, ({ key }) => key);
    for (const [target, entries] of groupBy(selecting, (entry) => entry.kind)) {
      const selectors = new Map(entries.map(({ policy, selector }) => [wrap(policy), selector] as const));
      this.bySelector.set(
        target,
        new SelectorIndex([...selectors.keys()], (key) => selectors.get(key) ?? key.fields),
      );
    }
    const outward = selecting.filter(({ selector }) => reachesOut(selector)).map(({ policy }) => policy);
    this.open = [
      ...open,
      ...outward,
      ...[...this.bySelector.values()].flatMap((index) => index.undetermined),
    ];
  }

  /** @throws UnknownRead where a selector's labels are not known */
  on(target: PolicyTarget): Attachment[] {
    const named = this.byName.get(`${target.kind}/${target.namespace}/${target.name}`) ?? [];
    const selected = this.bySelector.get(target.kind)?.selecting(target.namespace, target.labels) ?? [];
    return [
      ...named.map(({ attachment }) => attachment),
      ...selected.map((policy) => ({ policy, section: undefined })),
    ];
  }
}

/** A copy: one policy can have several selectors, and the index holds each under its own identity. */
function wrap(policy: Subject): Subject {
  return { ...policy };
}

function reachesOut(selector: Field): boolean {
  const from = selector.get("namespaces", "from");
  return from.isUnknown || (from.exists() && from.string() !== "Same");
}

function namedTargets(policy: Subject): { key: string; attachment: Attachment }[] {
  const spec = policy.fields.get("spec");
  const single = spec.get("targetRef");
  const refs = [...spec.get("targetRefs").items(), ...(single.exists() ? [single] : [])];
  return refs.map((ref) => ({
    key: `${ref.get("kind").string() ?? ""}/${namespaceOf(policy)}/${ref.get("name").string() ?? ""}`,
    attachment: { policy, section: ref.get("sectionName").string() },
  }));
}

function selectedTargets(policy: Subject): SelectorEntry[] {
  return policy.fields
    .get("spec", "targetSelectors")
    .items()
    .map((selector) => ({ policy, kind: selector.get("kind").string() ?? "", selector }));
}
