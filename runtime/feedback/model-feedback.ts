import type { Tensor } from "../dataplane/tensor";
import { invalid } from "../errors";
import type { FeedbackConfig } from "../models/model-config-types";
import { FEEDBACK_DEFAULTS as DEFAULTS } from "./feedback-defaults";
import type { FeedbackEntry } from "./feedback-request";
import { readPrediction } from "./given-prediction";
import { gradedTask, type GradedTask } from "./graded-task";
import { outputOf, predictionOf, type Prediction } from "./prediction";
import { Segments } from "./segments";
import { readTruth, type Truth } from "./truth";
import { VersionQuality } from "./version-quality";
import { WaitingPredictions } from "./waiting-predictions";

/** What became of a piece of feedback; `invalid` is a whole request that was refused. */
export type FeedbackOutcome = "matched" | "unmatched" | "duplicate" | "invalid";

/** The answer to feedback: how many pieces met an answer, met none, or came again. */
export interface FeedbackReceipt {
  readonly matched: number;
  readonly unmatched: number;
  readonly duplicate: number;
  /** The request ids of those that met none, where there are any: another replica may know them. */
  readonly unmatchedIds?: readonly string[];
}

/** Where feedback was sent, and what is known there. */
export interface FeedbackAddress {
  /** The number of the version in the path; undefined where it names none. */
  readonly version: string | undefined;
  readonly hasVersion: (version: string) => boolean;
}

interface Graded {
  readonly outcome: "matched";
  readonly id: string;
  readonly version: string;
  readonly prediction: Prediction;
  readonly truth: Truth;
  readonly segment: readonly (readonly [string, string])[];
}

type Judged = Graded | { readonly outcome: "unmatched" | "duplicate"; readonly id: string };

/** Versions whose quality is known at a time; the one whose truth came longest ago goes. */
const MOST_VERSIONS = 16;
const SECOND = 1000;

/** Answers of one model that wait for their truth, and how good its versions are. */
export class ModelFeedback {
  readonly task: GradedTask;
  readonly waiting: WaitingPredictions;
  private readonly segments: Segments;
  private readonly qualityByVersion = new Map<string, VersionQuality>();
  private readonly counts = new Map<string, { version: string; outcome: FeedbackOutcome; count: number }>();

  constructor(
    readonly config: FeedbackConfig,
    private readonly now: () => number,
  ) {
    this.task = gradedTask(config);
    this.segments = new Segments(config.segments ?? {});
    this.waiting = new WaitingPredictions({
      maxPredictions: config.maxPredictions ?? DEFAULTS.maxPredictions,
      maxBytes: config.maxBytes ?? DEFAULTS.maxBytes,
      retentionMs: (config.retentionSeconds ?? DEFAULTS.retentionSeconds) * SECOND,
    });
  }

  /** Keeps what is graded of an answer; nothing where the client did not ask for that output. @throws Unmeasurable */
  keep(id: string, version: string, outputs: readonly Tensor[], at: number): void {
    const output = outputs.find(({ name }) => name === this.config.output);
    if (output === undefined) return;
    const prediction = predictionOf(this.task, outputOf(output), output.shape[0] ?? 1);
    this.waiting.keep(id, { version, prediction, at });
  }

  /** Grades answers. Everything is checked before anything is counted. @throws 400 */
  take(entries: readonly FeedbackEntry[], address: FeedbackAddress): FeedbackReceipt {
    this.waiting.expire(this.now());
    const seen = new Set<string>();
    const judged = entries.map((entry) => {
      const result = this.judge(entry, address, seen.has(entry.requestId));
      if (result.outcome === "matched") seen.add(entry.requestId);
      return result;
    });
    const receipt = { matched: 0, unmatched: 0, duplicate: 0 };
    for (const each of judged) {
      receipt[each.outcome]++;
      if (each.outcome === "matched") this.grade(each);
      else this.count(each.outcome, address.version);
    }
    const unmatchedIds = judged.flatMap(({ outcome, id }) => (outcome === "unmatched" ? id : []));
    return unmatchedIds.length > 0 ? { ...receipt, unmatchedIds } : receipt;
  }

  /** @param version empty where none is known */
  count(outcome: FeedbackOutcome, version = ""): void {
    const key = `${outcome} ${version}`;
    const counted = this.counts.get(key);
    if (counted) counted.count++;
    else this.counts.set(key, { version, outcome, count: 1 });
  }

  get outcomes(): Iterable<{
    readonly version: string;
    readonly outcome: FeedbackOutcome;
    readonly count: number;
  }> {
    return this.counts.values();
  }

  get versions(): ReadonlyMap<string, VersionQuality> {
    return this.qualityByVersion;
  }

  private judge(entry: FeedbackEntry, address: FeedbackAddress, again: boolean): Judged {
    const { requestId: id, where } = entry;
    const version = versionOf(entry, address);
    const segment = this.segments.read(entry.segment, `${where}segment`);
    const kept = this.waiting.find(id);
    const known = kept && (version === undefined || kept.version === version) ? kept : undefined;
    const truth = readTruth(this.task, entry.truth, `${where}truth`, known?.prediction);
    if (again || this.waiting.wasGraded(id)) return { outcome: "duplicate", id };
    // What the server itself remembers counts, whatever the client says.
    if (known !== undefined)
      return { outcome: "matched", id, version: known.version, prediction: known.prediction, truth, segment };
    if (entry.prediction === undefined) return { outcome: "unmatched", id };
    if (version === undefined)
      throw invalid(
        `\`${where}prediction\` needs a \`version\` beside it, or one in the path: that of the answer.`,
      );
    const prediction = readPrediction(this.task, entry.prediction, truth.length, `${where}prediction`);
    // Read again, now that it is known whether the model gives names.
    readTruth(this.task, entry.truth, `${where}truth`, prediction);
    if (!address.hasVersion(version)) return { outcome: "unmatched", id };
    return { outcome: "matched", id, version, prediction, truth, segment };
  }

  private grade({ id, version, prediction, truth, segment }: Graded): void {
    const at = this.now();
    const segments = this.segments.admit(segment);
    const quality = this.qualityOf(version);
    truth.forEach((right, i) => {
      if (right === undefined) return;
      const score = prediction.scores?.[i];
      const given = prediction.classes?.[i] ?? score!;
      quality.add({
        right,
        given,
        segments,
        at,
        ...(prediction.classes && score !== undefined ? { score } : {}),
      });
    });
    this.waiting.settle(id, at);
    this.count("matched", version);
  }

  private qualityOf(version: string): VersionQuality {
    const quality =
      this.qualityByVersion.get(version) ??
      new VersionQuality(this.task, {
        windowSamples: this.config.windowSamples ?? DEFAULTS.windowSamples,
        windowMs: (this.config.windowSeconds ?? DEFAULTS.windowSeconds) * SECOND,
      });
    this.qualityByVersion.delete(version);
    this.qualityByVersion.set(version, quality);
    for (const oldest of this.qualityByVersion.keys()) {
      if (this.qualityByVersion.size <= MOST_VERSIONS) break;
      this.qualityByVersion.delete(oldest);
    }
    return quality;
  }
}

/** The version that a piece of feedback is about, where it or the path says. */
function versionOf({ version, where }: FeedbackEntry, address: FeedbackAddress): string | undefined {
  if (version !== undefined && address.version !== undefined && version !== address.version)
    throw invalid(`\`${where}version\` is "${version}", but the path says ${address.version}.`);
  return version ?? address.version;
}
