import type { TensorData } from "../dataplane/datatypes";
import type { Signature } from "./signature";

/** What a worker is started with. */
export interface WorkerInit {
  /** The model file. */
  readonly file: string;
  /** Digest that the file must have, in hex; the bytes that were hashed are the ones that are loaded. */
  readonly sha256?: string;
  readonly intraOpThreads: number;
}

/** Tensors as they cross the thread boundary: columns rather than objects, cheaper to clone. */
export interface TensorColumns {
  readonly names: string[];
  /** onnxruntime's names of the element types. */
  readonly types: string[];
  readonly dims: (readonly number[])[];
  /** Typed arrays are transferred: the sender loses them. */
  readonly data: TensorData[];
}

export interface RunMessage extends TensorColumns {
  readonly id: number;
  /** Outputs to compute. */
  readonly fetch: readonly string[];
}

/** The worker's first message: what the model takes and gives, or why it cannot be served. */
export type LoadedMessage = { readonly signature: Signature } | { readonly failure: string };

export interface ResultMessage extends TensorColumns {
  readonly id: number;
  readonly computeSeconds: number;
}

export interface RunFailureMessage {
  readonly id: number;
  /** onnxruntime's words, for the log only. */
  readonly failure: string;
}

/** Asks a worker to release its session and end. */
export const CLOSE = "close";

/** The buffers to transfer along with tensors. */
export function transferables(data: readonly TensorData[]): ArrayBuffer[] {
  const buffers: ArrayBuffer[] = [];
  for (const item of data) if (!Array.isArray(item)) buffers.push(item.buffer as ArrayBuffer);
  return buffers;
}
