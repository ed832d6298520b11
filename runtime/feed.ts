import type { Logger } from "pino";
import type { InferenceAccounts } from "./dataplane/accounted";
import type { ServerOptions } from "./options";

/** A way into the server beside its ports, e.g. a queue that it reads. */
export interface Feed {
  /** Begins to take requests; called when the models are loaded. Returns at once. */
  start(): void;
  /** Whether the server may call itself ready, as far as this way in is concerned. */
  ready(): boolean;
  /** Takes nothing more; resolves when everything taken is answered. */
  stop(): Promise<void>;
  /** Ends at once. */
  close(): Promise<void>;
}

/** Makes a feed of what a server consists of. */
export type CreateFeed = (parts: {
  readonly accounts: InferenceAccounts;
  readonly options: ServerOptions;
  readonly log: Logger;
}) => Feed;
