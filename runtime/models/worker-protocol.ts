import type { TensorData } from "../dataplane/datatypes";
import type { BatchVerdict } from "./batch-safety";
import type { InlineModel } from "./inline-lane";
import type { ExecutionConfig, InputRules } from "./model-config-types";
import type { Signature } from "./signature";

/** What a worker is started with. */
export interface WorkerInit {
  /** The model file. */
  readonly file: string;
  /** Digest that the file must have, in hex; the bytes that were checked are the ones that are loaded. */
  readonly sha256?: string;
  /** Digests of files beside it that hold weights, by name. */
  readonly sideFiles?: Readonly<Record<string, string>>;
  /** Ed25519 keys, PEM, one of which must have signed the file; empty: no signature is asked for. */
  readonly publicKeys?: readonly string[];
  /** The rules for inputs, by name, that requests are checked with. */
  readonly validation?: Readonly<Record<string, InputRules>>;
  readonly intraOpThreads: number;
  readonly execution?: ExecutionConfig;
  /** Rows up to which it is to be found out whether, and with how many, runs gain from batching. */
  readonly probeRows?: number;
  /** Whether it is to be found out if short runs could take place on the main thread. */
  readonly inline?: boolean;
}

/** The worker's first message: what the model takes and gives, or why it cannot be served. */
export type LoadedMessage = Loaded | { readonly failure: string };

export interface Loaded {
  readonly signature: Signature;
  /** Execution providers that were taken. */
  readonly providers?: readonly string[];
  /** Sentences to be logged once. */
  readonly warnings?: readonly string[];
  /** Bytes that the session is estimated to hold. */
  readonly memoryBytes?: number;
  /** Answer to `probeRows`. */
  readonly batching?: BatchVerdict;
  /** Answer to `inline`: the model, where it is small and quick enough. */
  readonly inline?: InlineModel;
}

/**
 * A run, as array rather than object, whose keys would be sent each time: inputs stand in the order of the signature,
 * outputs are named by their place in it; undefined asks for all.
 */
export type RunMessage = readonly [
  id: number,
  fetch: readonly number[] | undefined,
  dims: readonly (readonly number[])[],
  /** Typed arrays are transferred: the sender loses them. */
  data: readonly TensorData[],
];

/** Outputs in the order of the request for them. */
export type ResultMessage = readonly [
  id: number,
  computeSeconds: number,
  dims: readonly (readonly number[])[],
  data: readonly TensorData[],
  /** The memory of large inputs, for the next run. */
  spare?: readonly ArrayBuffer[],
];

/** A run that onnxruntime refused; its own words, for the log only. */
export type RunFailureMessage = readonly [id: number, failure: string];

export function isFailure(message: ResultMessage | RunFailureMessage): message is RunFailureMessage {
  return typeof message[1] === "string";
}

/** Asks a worker to release its session and end. */
export const CLOSE = "close";

/** The buffers to transfer along with tensors. */
export function transferables(data: readonly TensorData[]): ArrayBuffer[] {
  const buffers: ArrayBuffer[] = [];
  for (const item of data) if (!Array.isArray(item)) buffers.push(item.buffer as ArrayBuffer);
  return buffers;
}
