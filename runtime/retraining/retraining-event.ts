import { createHash } from "node:crypto";
import type { Alert } from "./alert-notification";

export const SCHEMA = "slipway.retraining/v1";

/** What whoever retrains is told: the same object for every target. */
export interface RetrainingEvent {
  readonly schema: typeof SCHEMA;
  /** The same for every attempt, and for every notification of the same alert: what to look for repetitions by. */
  readonly id: string;
  readonly model: string;
  /** Undefined fields are those that the alert has no label of. */
  readonly version?: string;
  readonly namespace?: string;
  readonly service?: string;
  /** Name of the alert. */
  readonly alert: string;
  /** What the alert is about, by its name or its label `reason`. */
  readonly reason: string;
  /** One line for people. */
  readonly summary?: string;
  readonly description?: string;
  /** Numbers of the alert's annotations `score_NAME`, by NAME. */
  readonly scores: Readonly<Record<string, number>>;
  /** All labels of the alert. */
  readonly labels: Readonly<Record<string, string>>;
  /** When the alert began to fire, ISO 8601. */
  readonly startsAt: string;
  /** Of the alert, Alertmanager's own. */
  readonly fingerprint: string;
}

const SCORE = "score_";
/** Characters of a model's name; none that could end a line of a log or a header. */
const MODEL = /^\P{Cc}{1,200}$/u;

/** @returns undefined for an alert that names no model */
export function retrainingEvent({
  labels,
  annotations,
  startsAt,
  fingerprint,
}: Alert): RetrainingEvent | undefined {
  const { model, version, namespace, service, alertname: alert = "" } = labels;
  if (model === undefined || !MODEL.test(model)) return undefined;
  const { summary, description } = annotations;
  const scores = Object.entries(annotations)
    .filter(([name]) => name.startsWith(SCORE) && name.length > SCORE.length)
    .map(([name, value]): [string, number] => [name.slice(SCORE.length), value === "" ? NaN : Number(value)])
    .filter(([, value]) => Number.isFinite(value));
  return {
    schema: SCHEMA,
    id: eventId(namespace, model, fingerprint, startsAt),
    model,
    version,
    namespace,
    service,
    alert,
    reason: labels.reason ?? reasonOf(alert),
    summary,
    description,
    scores: Object.fromEntries(scores),
    labels,
    startsAt,
    fingerprint,
  };
}

/** Slots of a rollout, whose services differ, serve the same model. */
export function modelKey({ namespace, model }: RetrainingEvent): string {
  return `${namespace ?? ""}/${model}`;
}

function eventId(...parts: (string | undefined)[]): string {
  return `ret_${createHash("sha256")
    .update(JSON.stringify(parts.map((part) => part ?? null)))
    .digest("hex")
    .slice(0, 32)}`;
}

function reasonOf(alert: string): string {
  if (/drift/i.test(alert)) return "drift";
  return /quality/i.test(alert) ? "quality" : "alert";
}
