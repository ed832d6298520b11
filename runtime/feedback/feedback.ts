import type { Logger } from "pino";
import type { Clock } from "../batching/clock";
import type { Tensor } from "../dataplane/tensor";
import { invalid } from "../errors";
import { messageOf } from "../message-of";
import type { FeedbackConfig } from "../models/model-config-types";
import { inSample } from "../shadow/sampling";
import { FEEDBACK_DEFAULTS } from "./feedback-defaults";
import { readEntries } from "./feedback-request";
import type { FeedbackAddress, FeedbackReceipt, ModelFeedback } from "./model-feedback";

/** The model version that answered. */
interface Answering {
  readonly name: string;
  readonly version: string;
}

interface Answer {
  readonly model: Answering;
  readonly requestId: string;
  readonly outputs: readonly Tensor[];
  readonly at: number;
}

export interface FeedbackSurroundings {
  /** `feedback` of a model's `model.json` as it is followed at present; undefined where it has none, or is gone. */
  readonly configOf: (model: string) => FeedbackConfig | undefined;
  readonly log: Pick<Logger, "warn">;
  readonly clock: Pick<Clock, "now" | "endOfTurn">;
}

/** Brings answers and their truth together, for models that ask for it. */
export class Feedback {
  private readonly byModel = new Map<string, { config: FeedbackConfig; readonly feedback: ModelFeedback }>();
  /** Answers of this turn of the event loop, which are looked at when they are on their way to their clients. */
  private answers: Answer[] = [];
  /** Versions whose answers could not be read, so that the log says so once. */
  private readonly complained = new Set<string>();

  constructor(private readonly around: FeedbackSurroundings) {}

  /** Looks at an answer of a model that has these rules. Never throws. */
  watch(
    model: Answering,
    { sampleRatio = FEEDBACK_DEFAULTS.sampleRatio }: FeedbackConfig,
    requestId: string | undefined,
    answer: Promise<readonly Tensor[]>,
  ): void {
    if (requestId === undefined || sampleRatio === 0 || !inSample(requestId, sampleRatio * 100)) return;
    answer.then(
      (outputs) => this.answered(model, requestId, outputs),
      // What failed has no answer to grade.
      () => undefined,
    );
  }

  /**
   * Takes the truth about answers of a model.
   * @throws 400 for a model without `feedback`, or naming what is wrong with the body; nothing of it is counted then
   */
  take(model: string, body: Readonly<Record<string, unknown>>, address: FeedbackAddress): FeedbackReceipt {
    this.readAnswers();
    const feedback = this.of(model);
    if (feedback === undefined)
      throw invalid(
        `Model \`${model}\` takes no feedback; its \`model.json\` must have \`feedback\` for that.`,
      );
    try {
      return feedback.take(readEntries(body), address);
    } catch (error) {
      feedback.count("invalid", address.version);
      throw error;
    }
  }

  /** What is known at present; models that are gone, or take no feedback any more, are forgotten. */
  models(): ReadonlyMap<string, ModelFeedback> {
    this.readAnswers();
    const models = new Map<string, ModelFeedback>();
    for (const model of this.byModel.keys()) {
      const feedback = this.of(model);
      if (feedback === undefined) this.byModel.delete(model);
      else {
        feedback.waiting.expire(this.now);
        models.set(model, feedback);
      }
    }
    return models;
  }

  /** Milliseconds, on the clock that ages are measured by. */
  get now(): number {
    return this.around.clock.now();
  }

  private answered(model: Answering, requestId: string, outputs: readonly Tensor[]): void {
    if (this.answers.length === 0) this.around.clock.endOfTurn(() => this.readAnswers());
    this.answers.push({ model, requestId, outputs, at: this.now });
  }

  private readAnswers(): void {
    const { answers } = this;
    if (answers.length === 0) return;
    this.answers = [];
    for (const { model, requestId, outputs, at } of answers) {
      const { name, version } = model;
      try {
        this.of(name)?.keep(requestId, version, outputs, at);
      } catch (error) {
        const key = `${name}/${version}`;
        if (this.complained.has(key)) continue;
        this.complained.add(key);
        this.around.log.warn(
          { model: name, version, requestId, reason: messageOf(error) },
          "answers cannot be graded",
        );
      }
    }
  }

  /** Other rules are another beginning: what was kept by the old ones does not fit. */
  private of(model: string): ModelFeedback | undefined {
    const config = this.around.configOf(model);
    if (config === undefined) return undefined;
    let entry = this.byModel.get(model);
    if (entry === undefined || (entry.config !== config && !isSame(entry.config, config))) {
      entry = { config, feedback: begin(config, () => this.now) };
      this.byModel.set(model, entry);
    }
    entry.config = config;
    return entry.feedback;
  }
}

/** Loaded on use: models without feedback need none of it. */
function begin(config: FeedbackConfig, now: () => number): ModelFeedback {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { ModelFeedback: Feedback } = require("./model-feedback") as typeof import("./model-feedback");
  return new Feedback(config, now);
}

const isSame = (one: FeedbackConfig, other: FeedbackConfig) => JSON.stringify(one) === JSON.stringify(other);
