import type { Field } from "./field";
import type { StackView } from "./stack-view";
import { groupBy } from "./group-by";
import { namespaceOf, type Subject } from "./subject";
import { UnknownRead } from "./unknown";

/** Whether a route's rule only sends callers elsewhere: no backend sees the request, no copy of it either. @throws UnknownRead */
export function isRedirect(rule: Field): boolean {
  const filters = rule.get("filters").items();
  const types = filters.map((filter) => filter.get("type").string());
  return (
    types.includes("RequestRedirect") &&
    !types.includes("RequestMirror") &&
    rule.get("backendRefs").items().length === 0
  );
}

/** Whether all that a route does is to send callers to HTTPS. @throws UnknownRead */
export function onlyRedirectsToTls(route: Subject): boolean {
  const rules = route.fields.get("spec", "rules").items();
  return (
    rules.length > 0 &&
    rules.every(
      (rule) =>
        isRedirect(rule) &&
        rule
          .get("filters")
          .items()
          .some((filter) => filter.get("requestRedirect", "scheme").string() === "https"),
    )
  );
}

interface Attached {
  readonly route: Subject;
  readonly parent: Field;
}

/** Routes by what they attach to, a gateway or a set of listeners, by `kind/namespace/name`; `open` holds those whose parents are not known yet. */
export function routesByParent(stack: StackView): { byParent: Map<string, Attached[]>; open: Subject[] } {
  const open: Subject[] = [];
  const attached: { key: string; entry: Attached }[] = [];
  for (const route of stack.ofKind(
    "gateway.networking.k8s.io",
    "HTTPRoute",
    "GRPCRoute",
    "TCPRoute",
    "TLSRoute",
  )) {
    try {
      for (const parent of route.fields.get("spec", "parentRefs").items()) {
        const namespace = parent.get("namespace").string() ?? namespaceOf(route);
        const kind = parent.get("kind").string() ?? "Gateway";
        const key = `${kind}/${namespace}/${parent.get("name").string() ?? ""}`;
        attached.push({ key, entry: { route, parent } });
      }
    } catch (error) {
      if (!(error instanceof UnknownRead)) throw error;
      open.push(route);
    }
  }
  const byParent = new Map(
    [...groupBy(attached, ({ key }) => key)].map(([key, list]) => [key, list.map(({ entry }) => entry)]),
  );
  return { byParent, open };
}

/** Whether a parentRef picks a listener: by name, by port, or all of them. @throws UnknownRead */
export function picksListener(parent: Field, listener: Field): boolean {
  const section = parent.get("sectionName").string();
  const port = parent.get("port").number();
  return (
    (section === undefined || section === listener.get("name").string()) &&
    (port === undefined || port === listener.get("port").number())
  );
}
