import type { Problems } from "../../internal/validation";

/** When the platform's alerts fire, as far as a service's objectives do not say it. Times in seconds. */
export interface AlertSettings {
  /**
   * Where the runbooks lie: an alert's `runbook_url` is a page below it. A copy on a wiki of one's own may say more.
   * @default "https://unpkg.com/@slipway/slipway/docs/runbooks"
   */
  readonly runbookBaseUrl?: string;
  /**
   * Time for which a server of several may be away or not ready before there is a ticket.
   * @default 900
   */
  readonly serverPatience?: number;
  /**
   * How full a model's queue may be for five minutes, in percent.
   * @default 80
   */
  readonly queuePercent?: number;
  /**
   * Share of a model's requests that may be refused because its queue is full, in percent.
   * @default 1
   */
  readonly rejectedPercent?: number;
  /**
   * How full the memory of a GPU may be for ten minutes, in percent.
   * @default 95
   */
  readonly gpuMemoryPercent?: number;
  /**
   * How hot a GPU may be for five minutes, in degrees Celsius.
   * @default 90
   */
  readonly gpuTemperature?: number;
  /**
   * Days before a certificate ends from which on there is a ticket. `up` replaces those of the platform 30 days before.
   * @default 21
   */
  readonly certificateTicketDays?: number;
  /**
   * Days before a certificate ends from which on somebody is woken.
   * @default 3
   */
  readonly certificatePageDays?: number;
  /**
   * Time for which features must have drifted: two windows of a model's `drift.windowSeconds`, of which one alone may be chance.
   * @default 1200
   */
  readonly driftPatience?: number;
  /**
   * Time without a judgement after which the drift of a model that is asked counts as unknown; its `drift.windowSeconds` where that is longer.
   * @default 3600
   */
  readonly driftSilence?: number;
  /**
   * Rows with a known truth, of all pods of a version together, from which on its quality is judged.
   * @default 100
   */
  readonly qualitySamples?: number;
  /**
   * By how much accuracy, precision, recall, F1 and ROC AUC may be worse than over the day before, as a share: 0.05 is five points. Calibration
   * error may grow by as much.
   * @default 0.05
   */
  readonly qualityDrop?: number;
  /**
   * By how much RMSE and MAE may be greater than over the day before, as a share of that.
   * @default 0.2
   */
  readonly qualityErrorGrowth?: number;
  /**
   * The worst value that a metric of quality may have whatever it was before, as in `{ accuracy: 0.9, rmse: 12 }`.
   * @default {}
   */
  readonly qualityBounds?: Readonly<Record<string, number>>;
}

/** Defaults; a test ties each to its `@default` above. */
export const ALERT_DEFAULTS = {
  runbookBaseUrl: "https://unpkg.com/@slipway/slipway/docs/runbooks",
  serverPatience: 900,
  queuePercent: 80,
  rejectedPercent: 1,
  gpuMemoryPercent: 95,
  gpuTemperature: 90,
  certificateTicketDays: 21,
  certificatePageDays: 3,
  driftPatience: 1200,
  driftSilence: 3600,
  qualitySamples: 100,
  qualityDrop: 0.05,
  qualityErrorGrowth: 0.2,
  qualityBounds: {} as Readonly<Record<string, number>>,
} as const satisfies Required<AlertSettings>;

export type ResolvedAlerts = Required<AlertSettings>;

/** Metrics of quality that are better the greater they are, and those that are worse. */
export const BETTER_HIGH = ["accuracy", "precision", "recall", "f1", "roc_auc"] as const;
export const BETTER_LOW = ["calibration_error", "rmse", "mae"] as const;

const PERCENTS = ["queuePercent", "rejectedPercent", "gpuMemoryPercent"] as const;
const TIMES = ["serverPatience", "driftPatience", "driftSilence"] as const;
const POSITIVE = [
  "gpuTemperature",
  "certificateTicketDays",
  "certificatePageDays",
  "qualityDrop",
  "qualityErrorGrowth",
] as const;

/** Fills in the defaults; what is undefined is as good as left out. */
export function resolveAlerts(settings: AlertSettings = {}): ResolvedAlerts {
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  return { ...ALERT_DEFAULTS, ...(Object.fromEntries(given) as AlertSettings) } as ResolvedAlerts;
}

/** Records what is wrong with them; paths begin with `alerts`. */
export function checkAlerts(given: AlertSettings, problems: Problems): void {
  const fields = Object.keys(ALERT_DEFAULTS);
  for (const field of Object.keys(given).filter((key) => !fields.includes(key)))
    problems.add(`alerts.${field}`, `does not exist; there are ${fields.join(", ")}`);
  const settings = resolveAlerts(given);
  problems.check(
    isBaseUrl(settings.runbookBaseUrl),
    "alerts.runbookBaseUrl",
    `"${settings.runbookBaseUrl}" must be an https:// or http:// URL without a slash at its end, as in "${ALERT_DEFAULTS.runbookBaseUrl}"`,
  );
  for (const field of PERCENTS) {
    const value = settings[field];
    problems.check(
      value > 0 && value < 100,
      `alerts.${field}`,
      `${value} must be more than 0 and less than 100: percent`,
    );
  }
  for (const field of TIMES) {
    const value = settings[field];
    problems.check(
      Number.isInteger(value) && value >= 60,
      `alerts.${field}`,
      `${value} must be whole seconds >= 60`,
    );
  }
  for (const field of POSITIVE) {
    const value = settings[field];
    problems.check(Number.isFinite(value) && value > 0, `alerts.${field}`, `${value} must be a number > 0`);
  }
  const { qualitySamples, certificateTicketDays, certificatePageDays } = settings;
  problems.check(
    Number.isInteger(qualitySamples) && qualitySamples >= 1,
    "alerts.qualitySamples",
    `${qualitySamples} must be a whole number >= 1`,
  );
  problems.check(
    certificatePageDays < certificateTicketDays,
    "alerts.certificatePageDays",
    `${certificatePageDays} must be < \`certificateTicketDays\` (${certificateTicketDays}): the ticket comes first`,
  );
  checkBounds(settings.qualityBounds, problems);
}

function checkBounds(bounds: Readonly<Record<string, number>>, problems: Problems): void {
  const known: readonly string[] = [...BETTER_HIGH, ...BETTER_LOW];
  for (const [metric, bound] of Object.entries(bounds)) {
    const path = `alerts.qualityBounds.${metric}`;
    if (!known.includes(metric)) problems.add(path, `is no metric of quality; there are ${known.join(", ")}`);
    else problems.check(Number.isFinite(bound), path, `${bound} must be a number`);
  }
}

function isBaseUrl(text: string): boolean {
  if (!/^https?:\/\/[^\s"\\]+[^/\s"\\]$/.test(text)) return false;
  return URL.canParse(text);
}
