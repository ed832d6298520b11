import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";

/** What a variable's values are taken from. */
export interface LabelQuery {
  readonly variable: string;
  readonly selector: string;
  readonly label: string;
}

/** The variables whose values are those that a label has: Grafana's `label_values(selector, label)`. */
export function labelQueriesOf(dashboard: Dashboard): LabelQuery[] {
  return (dashboard.templating?.list ?? []).flatMap(({ name, type, query }) => {
    if (type !== "query") return [];
    const [, selector, label] = /^label_values\((.+), (\w+)\)$/s.exec(String(query))!;
    return [{ variable: name, selector: selector!, label: label! }];
  });
}
