import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  TextBoxVariableBuilder,
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

export const models = () =>
  severalValues(
    "model",
    "Model",
    'label_values(slipway_model_ready{namespace="$namespace",service=~"$service"}, model)',
  );

export const versions = () =>
  severalValues(
    "version",
    "Version",
    'label_values(slipway_model_ready{namespace="$namespace",service=~"$service",model=~"$model"}, version)',
  );

/** A number that the reader types. */
export const price = (name: string, label: string, description: string, value: string) =>
  new TextBoxVariableBuilder(name).label(label).description(description).defaultValue(value);

/** Series of the chosen services. */
export const SERVICE_CHOSEN = 'namespace="$namespace",service=~"$service"';
/** Series of the chosen model versions. */
export const VERSION_CHOSEN = `${SERVICE_CHOSEN},model=~"$model",version=~"$version"`;
/** The same, and series of the chosen models that are of no version. */
export const MODEL_CHOSEN = `${SERVICE_CHOSEN},model=~"$model",version=~"|$version"`;
