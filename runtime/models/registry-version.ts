import type { ModelMetrics } from "../metrics/model-metrics";
import type { Tenant } from "./memory-budget";
import { inUse } from "./registry-lease";
import type { ModelState } from "./registry-types";
import type { Servable } from "./servable";

/** Milliseconds after which a load that failed on demand is tried again; doubled with each failure. */
const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 60_000;

/** One version of a model: what became of it, and what serves it. */
export class ModelVersion implements Tenant {
  servable: Servable | undefined;
  /** Not loaded, but by the next request that needs it. */
  standby = false;
  /** Whether a strict readiness waits for it. */
  required = false;
  /** False from when it was unloaded until it is asked for again. */
  wanted = true;
  /** A load is under way. */
  loading = false;
  /** The load that requests wait for, one for all. */
  activation: Promise<Servable> | undefined;
  /** What it was last loaded, or tried to be loaded, from: its files and its part of the configuration. */
  source = "";
  fileBytes = 0;
  /** Bytes that it was found to hold; undefined before its first load. */
  measuredBytes: number | undefined;
  private current: ModelState = "LOADING";
  private why = "";
  private failures = 0;
  private retryAt = -Infinity;
  private failedMetrics: ModelMetrics | undefined;

  constructor(
    readonly version: string,
    /** Takes the servable out of service and ends it. */
    private readonly onEvict: (version: ModelVersion) => Promise<void>,
    private readonly now: () => number,
  ) {}

  get state(): ModelState {
    if (this.current !== "READY") return this.current;
    if (this.servable) return this.servable.unavailable === undefined ? "READY" : "UNAVAILABLE";
    return this.now() >= this.retryAt ? "READY" : "UNAVAILABLE";
  }

  /** Why it cannot serve, or what is amiss although it serves. */
  get reason(): string {
    return this.servable?.unavailable ?? this.why;
  }

  get serves(): boolean {
    return this.state === "READY";
  }

  get memoryBytes(): number {
    return this.servable ? (this.measuredBytes ?? 0) : 0;
  }

  get lastUsed(): number {
    return this.servable?.lastUsed ?? 0;
  }

  isIdle(): boolean {
    return this.servable !== undefined && !this.loading && !inUse(this.servable);
  }

  evict(): Promise<void> {
    return this.onEvict(this);
  }

  set(state: ModelState, reason = ""): void {
    this.current = state;
    this.why = reason;
    if (state !== "READY") this.standby = false;
  }

  /** Ready as far as anybody can tell: the next request loads it. */
  standBy(reason: string): void {
    this.standby = true;
    this.required = false;
    this.set("READY", reason);
  }

  /** It serves, from now on with this. */
  succeed(servable: Servable): void {
    this.servable = servable;
    this.standby = false;
    this.failures = 0;
    this.retryAt = -Infinity;
    this.forgetFailure();
    this.set("READY");
  }

  /** It cannot be loaded. */
  fail(reason: string, metrics?: ModelMetrics): void {
    this.forgetFailure();
    this.failedMetrics = metrics;
    this.set("UNAVAILABLE", reason);
  }

  /** A request could not load it; later ones try again. @param lasting whether it is likely to fail again */
  failOnDemand(reason: string, lasting: boolean): void {
    this.fail(reason);
    this.standBy(reason);
    if (lasting) this.failures++;
    this.retryAt =
      this.now() + Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.max(0, this.failures - 1));
  }

  /** A version that failed stays in the metrics, as not ready, until it is loaded or gone. */
  forgetFailure(): void {
    this.failedMetrics?.remove();
    this.failedMetrics = undefined;
  }
}
