import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import { promqlProblem } from "../rollout/gates/promql";

/** A PromQL expression of a panel; every variable that has a value of its own is filled in. */
export interface Expression {
  readonly panel: string;
  readonly expr: string;
}

interface Panel {
  readonly title?: string;
  readonly targets?: readonly { readonly expr: string }[];
}

/** Every PromQL expression with the title of its panel. */
export function expressionsOf(dashboard: Dashboard): Expression[] {
  const given = givenValues(dashboard.templating?.list ?? []);
  return ((dashboard.panels ?? []) as readonly Panel[]).flatMap(({ title = "", targets = [] }) =>
    targets.map(({ expr }) => ({
      panel: title,
      expr: Object.entries(given).reduce((text, [name, value]) => text.replaceAll(`$${name}`, value), expr),
    })),
  );
}

/** Variables that are more than a choice among labels: texts, and choices that are made beforehand. */
export function givenValues(
  variables: readonly {
    readonly name: string;
    readonly type: string;
    readonly query?: unknown;
    readonly current?: { readonly value?: string | readonly string[] };
  }[],
): Record<string, string> {
  const values = variables.map(({ name, type, query, current }) => {
    const value = type === "textbox" ? query : current?.value;
    return [name, typeof value === "string" ? value : ""] as const;
  });
  return Object.fromEntries(values.filter(([, value]) => value !== ""));
}

const INTERVALS = { __rate_interval: "1m", __range: "1h" };

/** As Grafana sends it, with these variables; those that are not given match everything. */
export function filledIn(expr: string, variables: Readonly<Record<string, string>>): string {
  const values: Readonly<Record<string, string>> = { ...INTERVALS, ...variables };
  return expr.replace(/\$([a-z_]+)/g, (_, name: string) => values[name] ?? ".+");
}

/**
 * Grafana would show a panel with a typo as one without data.
 * @throws Error for the first expression that Prometheus could not answer
 */
export function requirePromql(name: string, dashboard: Dashboard): void {
  for (const { panel, expr } of expressionsOf(dashboard)) {
    const promql = filledIn(expr, {});
    const wrong = promqlProblem(promql);
    if (wrong) throw new Error(`dashboard "${name}", panel "${panel}": \`${promql}\` ${wrong}`);
  }
}
