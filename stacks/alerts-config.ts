import type { AlertSettings } from "../components";
import { ConfigError } from "./config-error";
import { checkFields, isRecord, type Field } from "./fields";

/** Fields of `alerts`; what may stand in them is checked by the component. */
export const ALERT_FIELDS = {
  runbookBaseUrl: {
    type: "text",
    default: "`https://unpkg.com/@slipway/slipway/docs/runbooks`",
    doc: "Where the runbooks lie: an alert's `runbook_url` is a page below it.",
  },
  serverPatience: {
    type: "number",
    default: "`900`",
    doc: "Seconds for which a server of several may be away or not ready before there is a ticket.",
  },
  queuePercent: {
    type: "number",
    default: "`80`",
    doc: "How full a model's queue may be for five minutes, in percent.",
  },
  rejectedPercent: {
    type: "number",
    default: "`1`",
    doc: "Share of a model's requests that may be refused because its queue is full, in percent.",
  },
  gpuMemoryPercent: {
    type: "number",
    default: "`95`",
    doc: "How full the memory of a GPU may be for ten minutes, in percent.",
  },
  gpuTemperature: {
    type: "number",
    default: "`90`",
    doc: "How hot a GPU may be for five minutes, in degrees Celsius.",
  },
  certificateTicketDays: {
    type: "number",
    default: "`21`",
    doc: "Days before a certificate ends from which on there is a ticket.",
  },
  certificatePageDays: {
    type: "number",
    default: "`3`",
    doc: "Days before a certificate ends from which on somebody is woken.",
  },
  driftPatience: {
    type: "number",
    default: "`1200`",
    doc: "Seconds for which features must have drifted: two windows of a model's `drift.windowSeconds`.",
  },
  driftSilence: {
    type: "number",
    default: "`3600`",
    doc: "Seconds without a judgement after which the drift of a model that is asked counts as unknown.",
  },
  qualitySamples: {
    type: "number",
    default: "`100`",
    doc: "Rows with a known truth from which on quality is judged.",
  },
  qualityDrop: {
    type: "number",
    default: "`0.05`",
    doc: "By how much quality may be worse than over the day before, as a share: five points.",
  },
  qualityErrorGrowth: {
    type: "number",
    default: "`0.2`",
    doc: "By how much RMSE and MAE may be greater than over the day before, as a share of that.",
  },
  qualityBounds: {
    type: "map",
    default: "`{}`",
    doc: "The worst value that a metric of quality may have whatever it was before, as in `{ accuracy: 0.9, rmse: 12 }`.",
  },
} as const satisfies Record<keyof AlertSettings, Field>;

/** Checks the form of `slipway:alerts`. */
export function readAlerts(value: unknown, key: string): AlertSettings {
  const path = `slipway:${key}`;
  const filled: unknown = isRecord(value)
    ? Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null))
    : value;
  checkFields(filled, ALERT_FIELDS, path);
  const settings = filled as AlertSettings;
  for (const [metric, bound] of Object.entries(settings.qualityBounds ?? {})) {
    if (typeof bound === "number") continue;
    throw new ConfigError(`\`${path}.qualityBounds.${metric}\` (${JSON.stringify(bound)}) must be a number.`);
  }
  return settings;
}
