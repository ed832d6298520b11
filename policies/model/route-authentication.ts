import { authenticates } from "./authentication";
import type { Field } from "./field";
import { isRedirect } from "./redirects";
import type { Attachment, SecurityPolicies } from "./security-policies";
import { describeSubject, kubernetesKind, nameOf, namespaceOf, type Subject } from "./subject";

/** Gateways of the stack by `namespace/name`. */
export type Gateways = ReadonlyMap<string, Subject>;

/**
 * What a level says: callers are authenticated, they are not (with the reason), or nothing, so that the level
 * above decides.
 */
type Answer = "authenticated" | { readonly problem: string } | undefined;

const NOTHING = "has no SecurityPolicy that authenticates callers, on itself or on its gateway";

/**
 * Why callers reach a route without authentication; undefined where they do not. Envoy Gateway lets only the most
 * specific policy take effect: one on a rule of the route replaces that on the route, which replaces that on the
 * listener, which replaces that on the gateway; with `mergeType` a route's policy adds to its parent's instead.
 * @throws UnknownRead
 */
export function unauthenticated(
  route: Subject,
  policies: SecurityPolicies,
  gateways: Gateways,
): string | undefined {
  const attachments = policies.on({
    kind: kubernetesKind(route.type)?.kind ?? "",
    namespace: namespaceOf(route),
    name: nameOf(route),
    labels: route.fields.get("metadata", "labels").stringMap(),
  });
  const whole = attachments.filter(({ section }) => section === undefined);
  for (const section of servedSections(route)) {
    const own =
      section === undefined ? [] : attachments.filter((attachment) => attachment.section === section);
    const answer = decide(own) ?? decide(whole) ?? decideByParents(route, policies, gateways);
    if (answer !== "authenticated") return answer?.problem ?? NOTHING;
  }
  return undefined;
}

/** The names of the rules that serve something; a rule that only redirects does not. */
function servedSections(route: Subject): Set<string | undefined> {
  const rules = route.fields.get("spec", "rules").items();
  const serving = rules.filter((rule) => !isRedirect(rule));
  return new Set(rules.length === 0 ? [undefined] : serving.map((rule) => rule.get("name").string()));
}

/** Of several policies on one target the oldest wins, which nobody can see here: so each must authenticate. */
function decide(attachments: readonly Attachment[]): Answer {
  let merges = false;
  for (const { policy } of attachments) {
    const spec = policy.fields.get("spec");
    if (authenticates(spec)) continue;
    if (!spec.get("mergeType").exists()) {
      return { problem: `is served under ${describeSubject(policy)}, which does not authenticate callers` };
    }
    merges = true;
  }
  return attachments.length === 0 || merges ? undefined : "authenticated";
}

function decideByParents(route: Subject, policies: SecurityPolicies, gateways: Gateways): Answer {
  let answer: Answer;
  for (const parent of route.fields.get("spec", "parentRefs").items()) {
    answer = decideByParent(parent, route, policies, gateways);
    if (answer !== "authenticated") return answer;
  }
  return answer;
}

function decideByParent(
  parent: Field,
  route: Subject,
  policies: SecurityPolicies,
  gateways: Gateways,
): Answer {
  const namespace = parent.get("namespace").string() ?? namespaceOf(route);
  const name = parent.get("name").string() ?? "";
  const kind = parent.get("kind").string() ?? "Gateway";
  const gateway = kind === "Gateway" ? gateways.get(`${namespace}/${name}`) : undefined;
  const labels = gateway?.fields.get("metadata", "labels").stringMap() ?? new Map<string, string>();
  const attachments = policies.on({ kind, namespace, name, labels });
  const whole = decide(attachments.filter(({ section }) => section === undefined));

  const listener = parent.get("sectionName").string();
  if (listener !== undefined)
    return decide(attachments.filter(({ section }) => section === listener)) ?? whole;

  // Without a section the route is served by every listener of its parent.
  const onListeners = attachments.filter(({ section }) => section !== undefined);
  const weakest = decide(onListeners);
  if (onListeners.length === 0 || typeof weakest === "object" || whole === "authenticated") {
    return typeof weakest === "object" ? weakest : whole;
  }
  const listeners = gateway?.fields.get("spec", "listeners").items() ?? [];
  const covered = new Set(onListeners.map(({ section }) => section));
  const all = listeners.length > 0 && listeners.every((item) => covered.has(item.get("name").string()));
  return all ? weakest : whole;
}
