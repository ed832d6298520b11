import type { Logger } from "pino";
import type { AnswerWatch } from "../dataplane/answer-watch";
import type { Tensor } from "../dataplane/tensor";
import { publicError } from "../errors";
import type { Metrics } from "../metrics/metrics";
import { AnswerSender } from "./answer-sender";
import { ComparatorClient } from "./comparator-client";
import { inSample } from "./sampling";
import type { ShadowOptions } from "./shadow-options";

/** A model that has no answer is compared by that; what says more about the moment than about the model is not. */
const TELLING_FAILURES: ReadonlySet<string> = new Set(["InvalidArgument", "Internal", "WorkerCrashed"]);

/** Sends a sample of the answers of this slot to the comparator. */
export class Shadow implements AnswerWatch {
  constructor(
    private readonly sender: Pick<AnswerSender, "offer" | "close">,
    private readonly samplePercent: number,
  ) {}

  /** Looks at what becomes of a request, which is answered as if nobody looked. */
  watch(model: string, requestId: string | undefined, answer: Promise<Tensor[]>): void {
    if (requestId === undefined || !inSample(requestId, this.samplePercent)) return;
    answer.then(
      (outputs) => this.sender.offer({ requestId, model, outputs }),
      (error: unknown) => {
        if (TELLING_FAILURES.has(publicError(error).code))
          this.sender.offer({ requestId, model, outputs: [] });
      },
    );
  }

  close(): Promise<void> {
    return this.sender.close();
  }
}

/** The sample where a comparator is named. @throws UsageError where a file cannot be read */
export function createShadow(options: ShadowOptions, metrics: Metrics, log: Logger): Shadow | undefined {
  const { shadowUrl, shadowSlot, shadowSamplePercent, shadowCaFile, shadowKeyFile } = options;
  if (shadowUrl === undefined || shadowSlot === undefined) return undefined;
  const client = ComparatorClient.open({
    url: shadowUrl,
    slot: shadowSlot,
    caFile: shadowCaFile,
    keyFile: shadowKeyFile,
  });
  const sender = new AnswerSender(client, {
    log,
    sent: (count) => metrics.shadowSent(count),
    dropped: (reason, count) => metrics.shadowDropped(reason, count),
  });
  return new Shadow(sender, shadowSamplePercent);
}
