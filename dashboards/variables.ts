import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";

/** The Prometheus that the reader chooses above the panels. */
export const DATASOURCE = { type: "prometheus", uid: "${datasource}" };

export const datasource = () =>
  new DatasourceVariableBuilder("datasource").label("Prometheus").type("prometheus");

/** A variable with the values that a label has now. */
export function labelValues(name: string, label: string, promql: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .query(promql)
    .datasource(DATASOURCE)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc);
}

export const namespace = () =>
  labelValues("namespace", "Namespace", "label_values(slipway_server_ready, namespace)");

/** The same, several at once, or all. */
export const severalValues = (name: string, label: string, promql: string): QueryVariableBuilder =>
  labelValues(name, label, promql).multi(true).includeAll(true).allValue(".+");

export const services = () =>
  severalValues("service", "Service", 'label_values(slipway_server_ready{namespace="$namespace"}, service)');
