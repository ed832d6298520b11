import type { Objectives } from "../components";
import type { Field } from "./fields";

/** Fields of a service's `objectives`; what may stand in them is checked by the component. */
export const OBJECTIVES_FIELDS = {
  availability: {
    type: "map",
    doc: "`percent` of requests that must not fail by the service's fault, as in `{ percent: 99.9 }`.",
  },
  latency: {
    type: "map",
    doc: "`percent` of requests that must be answered within `seconds`, a bound of the server's histogram, as in `{ percent: 99, seconds: 0.25 }`.",
  },
  windowDays: {
    type: "number",
    default: "`30`",
    doc: "Days that the promise is kept over, 1 to 90; alerts look back 3 days at most.",
  },
  minimumFailures: {
    type: "number",
    default: "`10`",
    doc: "Failed (or slow) requests that must have come together before anything fires.",
  },
} as const satisfies Record<keyof Objectives, Field>;

/** Fields of `availability` and of `latency`. */
export const AVAILABILITY_FIELDS = {
  percent: { type: "number", required: true, doc: "Percent of requests, as in 99.9." },
} as const satisfies Record<keyof NonNullable<Objectives["availability"]>, Field>;

export const LATENCY_FIELDS = {
  ...AVAILABILITY_FIELDS,
  seconds: { type: "number", required: true, doc: "A bound of the server's histogram, as in 0.25." },
} as const satisfies Record<keyof NonNullable<Objectives["latency"]>, Field>;
