import { rate, requestRate } from "./promql";
import { SERVICE_CHOSEN as CHOSEN, VERSION_CHOSEN } from "./variables";
import { inServices } from "./workload";

const GIB = 1_073_741_824;

/** What pods reserve, by service: cores, bytes, or GPUs. From kube-state-metrics. */
export const reserved = (resource: "cpu" | "memory" | "nvidia_com_gpu") =>
  `sum by (service) (${inServices(`kube_pod_container_resource_requests{resource="${resource}"}`)})`;

export const coresUsed = rate("process_cpu_seconds_total", "service", CHOSEN);
export const memoryUsed = `sum by (service) (process_resident_memory_bytes{${CHOSEN}})`;

const utilisation = inServices("DCGM_FI_DEV_GPU_UTIL");

/** GPUs that pods hold, by service. From dcgm-exporter. */
export const gpus = `count by (service) (${utilisation})`;
/** What would be left of them if all were busy all the time. */
export const busyGpus = `sum by (service) (${utilisation}) / 100`;
/** GPUs that do less than `$idle_percent` at the moment. */
export const idleGpus = `sum by (service) (${utilisation} < bool $idle_percent)`;
/** Hours that GPUs have spent so within the time range, added up by service. One look a minute. */
export const idleGpuHours = `sum by (service) (sum_over_time((${utilisation} < bool $idle_percent)[$__range:1m])) / 60`;

/** What is kept from others: what is reserved, or where that is not known, what is used. */
const cores = `(${reserved("cpu")} or ${coresUsed})`;
const gibibytes = `(${reserved("memory")} or ${memoryUsed}) / ${GIB}`;
const graphics = `(${reserved("nvidia_com_gpu")} or ${gpus} or 0 * ${coresUsed})`;

/** In the currency of the prices, by service. */
export const costAnHour = `($core_hour_price * ${cores} + $gib_hour_price * ${gibibytes} + $gpu_hour_price * ${graphics})`;

/** The same of what is kept from others and not used. */
export const idleCostAnHour = `($core_hour_price * clamp_min(${reserved("cpu")} - ${coresUsed}, 0) + $gpu_hour_price * (${gpus} - ${busyGpus} or 0 * ${coresUsed}))`;

const requestsAnHour = `(3600 * ${requestRate("service", CHOSEN)} > 0)`;

export const costOfAMillion = `1e6 * ${costAnHour} / ${requestsAnHour}`;

const computing = (by: string, selector: string) =>
  rate("slipway_inference_compute_duration_seconds_sum", by, selector);

/** Each version's part of its service's cost: its share of the time that workers spent in models. */
export const costAnHourByVersion = `${costAnHour} * on (service) group_right () (${computing("service, model, version", VERSION_CHOSEN)} / on (service) group_left () (${computing("service", CHOSEN)} > 0))`;

/** Requests for each hour of a capacity, by service. */
export const requestsPer = (capacity: string) => `3600 * ${requestRate("service", CHOSEN)} / ${capacity}`;

/** The same of all chosen services together. */
export const requestsPerOfAll = (capacity: string) =>
  `3600 * sum(${requestRate("service", CHOSEN)}) / sum(${capacity})`;
