import type { Logger } from "pino";
import type { Loaded } from "./worker-protocol";

/** Whose loading it was. */
interface Reported {
  readonly name: string;
  readonly version: string;
  readonly log: Logger;
}

/** Tells the log what was decided while loading. */
export function reportLoading({ name: model, version, log }: Reported, { warnings, batching }: Loaded): void {
  for (const warning of warnings ?? []) log.warn({ model, version }, warning);
  if (batching?.safe) {
    log.info(
      { model, version, rows: batching.efficientRows },
      batching.efficientRows > 1
        ? "requests of the model may share runs; `rows` go together where they come together"
        : "requests of the model may share runs, but gain nothing by it: each runs by itself",
    );
  } else if (batching) {
    log.info(
      { model, version },
      `requests of the model are not batched: ${batching.reason}; set \`batching\` in its \`model.json\` to an object to batch them nevertheless, or to false`,
    );
  }
}
