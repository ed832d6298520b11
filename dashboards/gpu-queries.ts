import { inServices, inVersions } from "./workload";

export const NO_GPUS =
  "no GPU of these services: dcgm-exporter must be scraped, and know of pods (DCGM_EXPORTER_KUBERNETES)";

/** Legend of a series for each GPU. */
export const GPU = "{{pod}} GPU {{gpu}}";

const MIB = 1_048_576;

const counterOf = (counter: string) => `DCGM_FI_${counter}{UUID=~"$gpu"}`;

/** A counter of dcgm-exporter, of the GPUs that the chosen services' pods hold. */
export const dcgm = (counter: string) => inServices(counterOf(counter));

/** Its growth a second. */
export const dcgmRate = (counter: string) => inServices(`rate(${counterOf(counter)}[$__rate_interval])`);

/** A counter in MiB as bytes. */
export const dcgmBytes = (counter: string) => `${MIB} * ${dcgm(counter)}`;

/** What the GPUs of a pod come to, for every version that the pod has loaded. */
export const dcgmByVersion = (aggregation: "avg" | "sum", counter: string) =>
  inVersions(aggregation, counterOf(counter));

export const dcgmBytesByVersion = (counter: string) =>
  `${MIB} * max by (model, version) (${dcgmByVersion("sum", counter)})`;

/**
 * Bits of `DCGM_FI_DEV_CLOCKS_EVENT_REASONS`, which older exporters call `…_CLOCK_THROTTLE_REASONS`: why the clocks are lower than
 * they could be. Idling (1) and clocks that someone has set (2) are no throttling.
 */
const THROTTLING = {
  "power cap": [4],
  "hardware slowdown": [8],
  heat: [32, 64],
  "power brake": [128],
} as const;

const reasons = `(${dcgm("DEV_CLOCKS_EVENT_REASONS")} or ${dcgm("DEV_CLOCK_THROTTLE_REASONS")})`;

/** For each reason, legend and a query that is 1 while any of its bits is set. */
export const throttling = Object.entries(THROTTLING).map(
  ([reason, bits]) =>
    [
      `${GPU} ${reason}`,
      `sum by (service, pod, gpu, UUID) (${bits.map((bit) => `floor(${reasons} / ${bit}) % 2`).join(" + ")}) > bool 0`,
    ] as const,
);
