import type { Logger } from "pino";
import type { DriftWatch } from "../drift/monitor/drift-watch";
import type { Metrics } from "../metrics/metrics";
import type { ModelMetrics } from "../metrics/model-metrics";
import type { ModelConfig } from "./model-config-types";
import type { Servable } from "./servable";
import type { SpawnWorker } from "./worker-instance";
import type { WorkerWatch } from "./worker-watch";

/** The names that Triton's repository index uses. */
export type ModelState = "LOADING" | "READY" | "UNLOADING" | "UNAVAILABLE";

/** Who decides what is loaded: nobody after the start, the folder, or the operator. */
export type ModelControl = "none" | "poll" | "explicit";

/** A line of the repository index. */
export interface IndexEntry {
  readonly name: string;
  /** Empty for a model without any version. */
  readonly version: string;
  readonly state: ModelState;
  /** Why it is unavailable, or what is amiss although it serves; empty otherwise. */
  readonly reason: string;
}

export interface RegistryOptions {
  readonly modelRepository: string;
  /** @default "none" */
  readonly modelControl?: ModelControl;
  /** Seconds between two looks at the repository. @default 15 */
  readonly pollInterval?: number;
  /** Models to load at the start in explicit mode; `*` for all. @default none */
  readonly loadModel?: readonly string[];
  /** Bytes that the sessions may hold in all; 0 for no limit. @default 0 */
  readonly modelMemoryBudget?: number;
  /** PEM files of keys; where there is one, models must be signed. @default none */
  readonly modelPublicKeys?: readonly string[];
  readonly instances: number;
  /** 0 derives it from the CPU quota. */
  readonly intraOpThreads: number;
  readonly maxQueueSize: number;
  /** Whether models that do not say so batch where that is proven safe. @default "auto" */
  readonly batching?: "auto" | "off";
  /** Whether short runs take place on the main thread where the model is quick enough. @default "auto" */
  readonly inline?: "auto" | "off";
  /** Is told of every worker. @default none */
  readonly workerWatch?: WorkerWatch;
  /** Follows versions that have a baseline. @default baselines are not looked at */
  readonly drift?: DriftWatch;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly spawn?: SpawnWorker;
  /** Replaced in tests. @default sessions in worker threads, or pipelines */
  readonly load?: LoadServable;
  /** Loads under way at a time. @default the processors that the cgroup's quota allows */
  readonly parallelLoads?: number;
  /** Milliseconds. @default performance.now */
  readonly now?: () => number;
}

/** What is to be loaded. */
export interface LoadRequest {
  readonly name: string;
  readonly version: string;
  /** The version's folder. */
  readonly dir: string;
  readonly config: ModelConfig;
  readonly metrics: ModelMetrics;
  /** Finds a model of the registry, for pipelines. */
  readonly resolve: (name: string, version?: string) => Servable | Promise<Servable>;
  /** What `resolve` would find now: why there is nothing, or undefined where it would have to be loaded first. */
  readonly peek: (name: string, version?: string) => Servable | string | undefined;
}

/** Loads and warms up one version; rejects with the public reason. */
export type LoadServable = (request: LoadRequest) => Promise<Servable>;
