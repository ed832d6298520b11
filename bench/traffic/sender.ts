import type { Output } from "./questions";

/** Where requests go. */
export interface Target {
  /** e.g. https://localhost:8443 */
  readonly endpoint: string;
  /** PEM. */
  readonly caCertificate: string;
  readonly token: string;
  readonly model: string;
  /** Name of the service, which gRPC calls on the shared host carry. */
  readonly service: string;
  /** Further headers of every request, e.g. the slot that is asked for. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Reply {
  readonly version: string;
  readonly outputs: readonly Output[];
}

/** A client of one kind with connections of its own. Rejects with a sentence where there was no answer. */
export interface Sender {
  send(question: number): Promise<Reply>;
  close(): Promise<void>;
}

/** Longest time for an answer in milliseconds; the gateway's own is longer. */
export const PATIENCE_MS = 15_000;
