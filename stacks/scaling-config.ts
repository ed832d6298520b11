import type { CpuScaling, KedaScaling } from "../components";
import type { Field } from "./fields";

/** Fields of a service's `scaling`; which ones go together is checked by the component. */
export const SCALING_FIELDS = {
  on: {
    type: "text",
    required: true,
    doc: "`cpu`, `queueDepth` (requests that wait for a worker) or `concurrency` (those, and the ones being run).",
  },
  via: {
    type: "text",
    doc: "For requests: `prometheus-adapter` (a custom metric of the pods) or `keda` (which alone can scale to zero).",
  },
  target: { type: "number", doc: "For requests: how many per pod, on average, beyond which pods are added." },
  targetPercent: {
    type: "number",
    default: "that of the service",
    doc: "For `cpu`: CPU that pods may use on average, in percent of `cpuLimit`.",
  },
  scaleDownDelay: {
    type: "number",
    default: "`300`",
    doc: "Seconds for which fewer pods must suffice before any is taken away.",
  },
  prometheusUrl: {
    type: "text",
    default: "`http://prometheus.slipway-monitoring:9090`",
    doc: "For `keda`: the Prometheus that it asks.",
  },
  authModes: {
    type: "list of texts",
    default: "`[]`",
    doc: "For `keda`: how it proves itself to Prometheus: `bearer`, `basic`, `tls`, `custom`.",
  },
  triggerAuthentication: {
    type: "text",
    doc: "For `keda`: name of the TriggerAuthentication, in the services' namespace, with the secrets of `authModes`.",
  },
  fallbackReplicas: {
    type: "number",
    default: "`replicas`, at least `1`",
    doc: "For `keda`: pods while Prometheus does not answer, or as many as there are, if more.",
  },
  activationThreshold: {
    type: "number",
    default: "`0`",
    doc: "Where `replicas` is 0: requests within two minutes that leave a service without pods asleep.",
  },
  cooldown: {
    type: "number",
    default: "`300`",
    doc: "Where `replicas` is 0: seconds without requests after which the last pod goes.",
  },
  activationQuery: {
    type: "text",
    default: "requests by the counters of the gateway's proxies",
    doc: "Where `replicas` is 0: PromQL for the number that is compared with `activationThreshold`.",
  },
} as const satisfies Record<keyof KedaScaling | keyof CpuScaling, Field>;
