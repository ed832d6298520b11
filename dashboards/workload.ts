import { SERVICE_CHOSEN } from "./variables";

/**
 * Series of an exporter about pods that are not its own, with the pod's name in `pod` and `namespace`. Where Prometheus keeps those
 * labels for the exporter itself (`honorLabels: false`, the default), what the exporter says is in `exported_…`.
 */
export const ofPods = (series: string) => relabelled(relabelled(series, "pod"), "namespace");

const relabelled = (series: string, label: string) =>
  `label_replace(${series}, "${label}", "$1", "exported_${label}", "(.+)")`;

/** 1 for each pod of the chosen services. */
const PODS = `max by (namespace, pod, service) (slipway_server_ready{${SERVICE_CHOSEN}} >= bool 0)`;

/** 1 for each version that a pod of the chosen services has. */
const VERSIONS = `max by (namespace, pod, service, model, version) (slipway_model_ready{${SERVICE_CHOSEN},model=~"$model",version=~"$version"} >= bool 0)`;

/** The series of the chosen services' pods, each with the label `service`. */
export const inServices = (series: string) =>
  `${ofPods(series)} * on (namespace, pod) group_left (service) ${PODS}`;

/** What each pod has of it, for every version that the pod has loaded: versions of one pod share it, and each shows all of it. */
export const inVersions = (aggregation: "avg" | "sum", series: string) =>
  `${VERSIONS} * on (namespace, pod) group_left () ${aggregation} by (namespace, pod) (${ofPods(series)})`;
