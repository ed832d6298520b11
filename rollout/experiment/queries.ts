import type { Slot } from "../declaration";
import { growth } from "../gates/growth";
import { GATE_METRIC, SERVER_FAULTS } from "../gates/queries";
import { fillTemplate } from "../gates/query-template";
import type { ExperimentMetric } from "./declaration";

/** An arm during the time since the test began. */
export interface ArmScope {
  readonly slot: Slot;
  /** Kubernetes Service of the slot. */
  readonly service: string;
  readonly namespace: string;
  /** Whole seconds since the test began. */
  readonly windowSeconds: number;
}

/** What Prometheus is asked of one arm; each gives one number. */
export type ArmQueries =
  | { readonly kind: "proportion"; readonly users: string; readonly successes: string }
  | { readonly kind: "mean"; readonly users: string; readonly sum: string; readonly squares: string };

/** Undefined where the metric's numbers come from elsewhere. */
export function armQueries(metric: ExperimentMetric, scope: ArmScope): ArmQueries | undefined {
  switch (metric.kind) {
    case "errorRate": {
      const faults = grown(GATE_METRIC.requests, scope, `,code=~"${SERVER_FAULTS.join("|")}"`);
      return {
        kind: "proportion",
        users: grown(GATE_METRIC.requests, scope),
        successes: `${faults} or vector(0)`,
      };
    }
    case "latency": {
      const all = grown(`${GATE_METRIC.requestDuration}_count`, scope);
      // Prometheus 3 writes whole bounds as "1.0", older ones as "1".
      const bound = String(metric.slowerThan).replace(".", "\\\\.");
      const le = Number.isInteger(metric.slowerThan) ? `${bound}([.]0)?` : bound;
      const within = grown(`${GATE_METRIC.requestDuration}_bucket`, scope, `,le=~"${le}"`);
      return { kind: "proportion", users: all, successes: `${all} - ${within}` };
    }
    case "proportion":
      return metric.queries && { kind: "proportion", ...filled(metric.queries, scope) };
    case "mean":
      return metric.queries && { kind: "mean", ...filled(metric.queries, scope) };
  }
}

/** Which way a metric should go. */
export const betterOf = (metric: ExperimentMetric): "higher" | "lower" =>
  metric.kind === "errorRate" || metric.kind === "latency" ? "lower" : (metric.better ?? "higher");

/** Whether each observation is a user; of the server's own metrics it is a request. */
export const countsUsers = ({ kind }: ExperimentMetric): boolean => kind === "proportion" || kind === "mean";

const grown = (counter: string, scope: ArmScope, matchers?: string): string =>
  `sum(${growth(scope, counter, matchers)})`;

function filled<T extends Readonly<Record<string, string>>>(queries: T, scope: ArmScope): T {
  const names = { ...scope, liveService: scope.service };
  return Object.fromEntries(
    Object.entries(queries).map(([key, query]) => [key, fillTemplate(query, names).text]),
  ) as T;
}
