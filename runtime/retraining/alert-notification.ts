/** One alert, as Alertmanager tells of it. */
export interface Alert {
  readonly status: "firing" | "resolved";
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** ISO 8601. */
  readonly startsAt: string;
  /** Of its labels; Alertmanager's own. */
  readonly fingerprint: string;
}

/** The version of the body that Alertmanager sends. */
const VERSION = "4";
/** Alerts of one body. */
const MOST_ALERTS = 1000;
const FINGERPRINT = /^[0-9A-Za-z_-]{1,128}$/;
/** RFC 3339, which Go prints with up to nine digits of a second. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Reads the body of a webhook of Alertmanager (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config).
 * @returns its alerts, or a sentence that says what is wrong with it
 */
export function readNotification(json: string): Alert[] | string {
  let body: unknown;
  try {
    body = JSON.parse(json);
  } catch {
    return "The body is not JSON.";
  }
  if (!isObject(body)) return "The body must be an object, as Alertmanager's webhook sends it.";
  const { version, alerts } = body;
  if (version !== VERSION) {
    return `\`version\` (${shown(version)}) must be "${VERSION}", the version of Alertmanager's webhook that is understood here.`;
  }
  if (!Array.isArray(alerts)) return "`alerts` must be a list.";
  if (alerts.length > MOST_ALERTS) {
    return `\`alerts\` has ${alerts.length} entries, more than ${MOST_ALERTS}; \`max_alerts\` of the receiver limits them.`;
  }
  const read: Alert[] = [];
  for (const [i, alert] of (alerts as unknown[]).entries()) {
    const one = readAlert(alert, `alerts[${i}]`);
    if (typeof one === "string") return one;
    read.push(one);
  }
  return read;
}

function readAlert(alert: unknown, path: string): Alert | string {
  if (!isObject(alert)) return `\`${path}\` must be an object.`;
  const { status, labels, annotations = {}, startsAt, fingerprint } = alert;
  if (status !== "firing" && status !== "resolved") {
    return `\`${path}.status\` (${shown(status)}) must be "firing" or "resolved".`;
  }
  for (const [name, texts] of Object.entries({ labels, annotations })) {
    if (!isTexts(texts)) return `\`${path}.${name}\` must be an object of texts.`;
  }
  if (typeof startsAt !== "string" || !TIME.test(startsAt) || Number.isNaN(Date.parse(startsAt))) {
    return `\`${path}.startsAt\` (${shown(startsAt)}) must be a time as in "2025-01-31T12:00:00Z".`;
  }
  if (typeof fingerprint !== "string" || !FINGERPRINT.test(fingerprint)) {
    return `\`${path}.fingerprint\` (${shown(fingerprint)}) must be 1 to 128 letters and digits.`;
  }
  return {
    status,
    labels: labels as Alert["labels"],
    annotations: annotations as Alert["annotations"],
    startsAt: new Date(startsAt).toISOString(),
    fingerprint,
  };
}

function isTexts(value: unknown): boolean {
  return isObject(value) && Object.values(value).every((text) => typeof text === "string");
}

/** What was given, as far as it is worth repeating. */
function shown(value: unknown): string {
  if (value === undefined) return "missing";
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
