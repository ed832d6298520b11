import type { Logger } from "pino";
import { messageOf } from "../../message-of";
import type { FeatureJudgement } from "../judge";

/** Features that one line names; what they all are is in the metrics. */
const MOST_NAMED = 10;

/** Tells the log what changes: a feature that starts to drift, and one that ends, once each. */
export class DriftLog {
  private drifting: ReadonlySet<string> = new Set();
  private hasFailed = false;

  constructor(
    private readonly of: { readonly model: string; readonly version: string; readonly log: Logger },
  ) {}

  /** What was found of a window of so many rows. A feature that has too few to be judged stays what it was. */
  judged(features: readonly FeatureJudgement[], rows: number): void {
    const { drifting } = this;
    const started = features.filter(({ feature, state }) => state === "drifted" && !drifting.has(feature));
    const ended = features.filter(({ feature, state }) => state === "stable" && drifting.has(feature));
    const now = new Set(drifting);
    for (const { feature } of started) now.add(feature);
    for (const { feature } of ended) now.delete(feature);
    this.drifting = now;
    this.write(started, rows, "features have drifted from the model's baseline");
    this.write(ended, rows, "features are as in the model's baseline again");
  }

  /** A fault in following drift must not become one of the requests; it is said once. */
  failed(error: unknown): void {
    if (this.hasFailed) return;
    this.hasFailed = true;
    const { model, version, log } = this.of;
    log.error({ model, version, cause: messageOf(error) }, "rows could not be summarised for drift");
  }

  private write(features: readonly FeatureJudgement[], rows: number, what: string): void {
    if (features.length === 0) return;
    const { model, version, log } = this.of;
    const named = [...features].sort((a, b) => b.score - a.score).slice(0, MOST_NAMED);
    const scores = Object.fromEntries(named.map(({ feature, score }) => [feature, rounded(score)]));
    log.warn({ model, version, features: features.length, scores, rows }, what);
  }
}

const rounded = (score: number) => Math.round(score * 10_000) / 10_000;
