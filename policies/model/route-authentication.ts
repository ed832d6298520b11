import { authenticates } from "./authentication";
import type { Field } from "./field";
import { mergedSpec } from "./merged-policies";
import { isRedirect } from "./redirects";
import { resolveParent, wholeOf, type Parents } from "./route-parents";
import type { Attachment, SecurityPolicies } from "./security-policies";
import { describeSubject, kubernetesKind, nameOf, namespaceOf, type Subject } from "./subject";

/** Why callers who are served under a policy, or under none, are not authenticated; undefined where they are. */
type Judge = (policy: Subject | undefined) => string | undefined;

const NOTHING = "has no SecurityPolicy that authenticates callers, on itself or on its gateway";

/**
 * Why callers reach a route without authentication; undefined where they do not. Envoy Gateway lets only the most
 * specific policy take effect: one on a rule of the route replaces that on the route, which replaces that on the
 * listener, which replaces that on the gateway; with `mergeType` a policy of the route or of its rule is merged over the
 * listener's or the gateway's instead. A ListenerSet stands between its listeners and its gateway.
 * @throws UnknownRead
 */
export function unauthenticated(
  route: Subject,
  policies: SecurityPolicies,
  parents: Parents,
): string | undefined {
  const attachments = policies.on({
    kind: kubernetesKind(route.type)?.kind ?? "",
    namespace: namespaceOf(route),
    name: nameOf(route),
    labels: route.fields.get("metadata", "labels").stringMap(),
  });
  const above = (judge: Judge): string | undefined => judgeParents(route, policies, parents, judge);
  const whole = attachments.filter(({ section }) => section === undefined);
  for (const section of servedSections(route)) {
    const own =
      section === undefined ? [] : attachments.filter((attachment) => attachment.section === section);
    const problem = judgeEach(own.length > 0 ? own : whole, (policy) => judgeOwn(policy, above));
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function judgeOwn(
  policy: Subject | undefined,
  above: (judge: Judge) => string | undefined,
): string | undefined {
  if (!policy) return above(judgeAlone);
  const spec = policy.fields.get("spec");
  if (!spec.get("mergeType").exists()) return judgeAlone(policy);
  return above((parent) => {
    if (!parent) return judgeAlone(policy);
    if (authenticates(mergedSpec(spec, parent.fields.get("spec")))) return undefined;
    return `is served under ${describeSubject(policy)} merged over ${describeSubject(parent)}, which together do not authenticate callers`;
  });
}

function judgeAlone(policy: Subject | undefined): string | undefined {
  if (!policy) return NOTHING;
  if (authenticates(policy.fields.get("spec"))) return undefined;
  return `is served under ${describeSubject(policy)}, which does not authenticate callers`;
}

/** Of several policies on one target the oldest wins, which nobody can see here: so each must authenticate. */
function judgeEach(attachments: readonly Attachment[], judge: Judge): string | undefined {
  if (attachments.length === 0) return judge(undefined);
  for (const { policy } of attachments) {
    const problem = judge(policy);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** The names of the rules that serve something; a rule that only redirects does not. */
function servedSections(route: Subject): Set<string | undefined> {
  const rules = route.fields.get("spec", "rules").items();
  const serving = rules.filter((rule) => !isRedirect(rule));
  return new Set(rules.length === 0 ? [undefined] : serving.map((rule) => rule.get("name").string()));
}

/** Judges the policy of each listener that serves the route: the listener's own, else its gateway's. */
function judgeParents(
  route: Subject,
  policies: SecurityPolicies,
  parents: Parents,
  judge: Judge,
): string | undefined {
  const references = route.fields.get("spec", "parentRefs").items();
  if (references.length === 0) return judge(undefined);
  for (const reference of references) {
    const problem = judgeParent(reference, namespaceOf(route), policies, parents, judge);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function judgeParent(
  reference: Field,
  ownNamespace: string,
  policies: SecurityPolicies,
  parents: Parents,
  judge: Judge,
): string | undefined {
  const resolved = resolveParent(reference, ownNamespace, policies, parents);
  const { parent, attachments } = resolved;
  const judgeWhole = () => judgeEach(wholeOf(resolved, policies, parents), judge);

  const listener = reference.get("sectionName").string();
  const onListeners = attachments.filter(({ section }) =>
    listener === undefined ? section !== undefined : section === listener,
  );
  if (onListeners.length === 0) return judgeWhole();
  const problem = judgeEach(onListeners, judge);
  if (problem !== undefined || listener !== undefined) return problem;

  // Without a section the route is served by every listener of its parent.
  const problemOfOthers = judgeWhole();
  if (problemOfOthers === undefined) return undefined;
  const listeners = parent?.fields.get("spec", "listeners").items() ?? [];
  const covered = new Set(onListeners.map(({ section }) => section));
  const all = listeners.length > 0 && listeners.every((item) => covered.has(item.get("name").string()));
  return all ? undefined : problemOfOthers;
}
