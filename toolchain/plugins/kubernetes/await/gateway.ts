import type { KubeObject } from "../object";
import { at, listAt } from "../object";
import { conditionOf, conditionText, conditionsOf, ready, waiting } from "./readiness";
import type { Condition, ReadinessContext, Verdict } from "./readiness";

/** How long a status that nobody writes is waited for: not every cluster runs a controller for every policy kind. */
const NO_STATUS_SETTLE_MS = 5_000;

/**
 * A policy gets no status before what it targets exists, and it had better exist first: a route that comes before the
 * policy that asks for tokens is open until then.
 */
const NO_POLICY_STATUS_SETTLE_MS = 1_000;

function isCurrent(condition: Condition, live: KubeObject): boolean {
  // Absent means that the controller does not say; its word is taken then.
  return (condition.observedGeneration ?? Infinity) >= (live.metadata?.generation ?? 0);
}

function requireCondition(live: KubeObject, type: string): Verdict {
  const condition = conditionOf(live.status, type);
  if (!condition) return waiting(`no controller has reported ${type}`);
  if (!isCurrent(condition, live)) return waiting(`the controller has not seen the newest ${live.kind}`);
  return condition.status === "True" ? ready() : waiting(conditionText(condition));
}

/** Programmed: the data plane serves the Gateway as it is now. Listeners that are refused are named. */
export function gateway(live: KubeObject): Verdict {
  const accepted = requireCondition(live, "Accepted");
  if (accepted.state !== "ready") return accepted;
  const refused = listAt(live, "status", "listeners").flatMap((listener) =>
    conditionsOf(listener)
      .filter(({ type, status }) => ["Accepted", "ResolvedRefs"].includes(type) && status === "False")
      .map((condition) => `listener "${String(at(listener, "name"))}": ${conditionText(condition)}`),
  );
  const programmed = requireCondition(live, "Programmed");
  if (refused.length > 0) return waiting(refused.join("; "));
  return programmed;
}

/** Accepted by its controller. */
export function gatewayClass(live: KubeObject): Verdict {
  return requireCondition(live, "Accepted");
}

/**
 * Routes and policies report once per parent (or ancestor). All that is reported must be accepted, with references
 * that resolve; where nobody reports at all, the object is taken as it is. The official provider does not look at
 * these: a route that its gateway refuses would pass for deployed.
 */
function reported(
  live: KubeObject,
  list: "parents" | "ancestors",
  settled: boolean,
  warning?: string,
): Verdict {
  const reports = listAt(live, "status", list);
  if (reports.length === 0) {
    return settled
      ? ready("no controller reports on it", warning)
      : waiting("no controller has reported on it");
  }
  const conditions = reports.flatMap(conditionsOf);
  const stale = conditions.find((condition) => !isCurrent(condition, live));
  if (stale) return waiting(`the controller has not seen the newest ${live.kind}`);
  const bad = conditions.find(
    ({ type, status }) => ["Accepted", "ResolvedRefs"].includes(type) && status === "False",
  );
  return bad ? waiting(conditionText(bad)) : ready();
}

const UNATTACHED = "is in effect nowhere as far as any controller reports: does what it refers to exist?";

export function route(live: KubeObject, { elapsedMs }: ReadinessContext): Verdict {
  return reported(live, "parents", elapsedMs >= NO_STATUS_SETTLE_MS, UNATTACHED);
}

export function policy(live: KubeObject, { elapsedMs }: ReadinessContext): Verdict {
  return reported(live, "ancestors", elapsedMs >= NO_POLICY_STATUS_SETTLE_MS);
}
