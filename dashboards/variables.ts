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

/** Services, several at once. */
export const services = () =>
  labelValues("service", "Service", 'label_values(slipway_server_ready{namespace="$namespace"}, service)')
    .multi(true)
    .includeAll(true)
    .allValue(".+");
