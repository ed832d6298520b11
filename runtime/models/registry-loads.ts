import type { Logger } from "pino";
import { messageOf } from "../message-of";
import type { Metrics } from "../metrics/metrics";
import type { Permits } from "./load-control";
import { expectedBytes, heldBytes, type MemoryBudget } from "./memory-budget";
import type { ModelConfig } from "./model-config-types";
import { retireUnheld } from "./registry-lease";
import type { LoadRequest, LoadServable } from "./registry-types";
import type { ModelVersion } from "./registry-version";
import type { Servable } from "./servable";
import { LoadFailure } from "./worker-instance";

/** What the loads of all models share. */
export interface LoadsOptions {
  readonly load: LoadServable;
  readonly permits: Permits;
  readonly budget: MemoryBudget;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Worker threads of models that do not say. */
  readonly instances: number;
  readonly resolve: LoadRequest["resolve"];
  readonly peek: LoadRequest["peek"];
}

export interface LoadTarget {
  readonly model: string;
  readonly entry: ModelVersion;
  readonly dir: string;
  readonly config: ModelConfig;
}

/** A load that has to wait until memory is free. */
export class MemoryTaken extends LoadFailure {}

/** Loads versions, as many at a time as there are processors and as fit into the memory, and ends those that leave. */
export class Loads {
  private readonly underWay = new Set<Promise<unknown>>();
  private readonly leaving = new Set<Servable>();
  private closed = false;

  constructor(private readonly options: LoadsOptions) {}

  /**
   * Loads a version; what served it before leaves when the new one is there.
   * @param evicting whether idle models may be taken out of memory for it
   * @throws LoadFailure with the public reason, MemoryTaken where it would fit if others were idle
   */
  async load(target: LoadTarget, evicting: boolean): Promise<void> {
    const work = target.config.pipeline
      ? // Its models may have to be loaded for it, and must not wait for a permit that it holds.
        this.loadNow(target, evicting)
      : this.options.permits.run(() => this.loadNow(target, evicting));
    this.underWay.add(work);
    target.entry.loading = true;
    try {
      await work;
    } finally {
      target.entry.loading = false;
      this.underWay.delete(work);
    }
  }

  /** Ends what is not found any more, once everybody who found it is answered. */
  async leave(servable: Servable): Promise<void> {
    this.leaving.add(servable);
    try {
      await retireUnheld(servable);
    } catch (error) {
      const { name: model, version } = servable;
      this.options.log.error({ model, version, cause: messageOf(error) }, "a model's workers did not end");
    } finally {
      this.leaving.delete(servable);
    }
  }

  /** Whether loads fail because the server ends, and not because of the models. */
  get isClosed(): boolean {
    return this.closed;
  }

  /** Waits for loads that are under way: a thread inside native code cannot be ended safely. */
  async close(): Promise<void> {
    this.closed = true;
    this.options.budget.close();
    // At the same time: a load may wait for what leaves to make room, and that for its last requests.
    await Promise.all([
      Promise.allSettled(this.underWay),
      ...[...this.leaving].map((servable) => servable.close()),
    ]);
  }

  private async loadNow(target: LoadTarget, evicting: boolean): Promise<void> {
    const { model, entry, dir, config } = target;
    const { version, servable: previous } = entry;
    if (this.closed) throw new LoadFailure("The server is shutting down.");
    const { budget, log, resolve, peek } = this.options;
    const started = performance.now();
    const metrics = this.options.metrics.forModel(model, version);
    metrics.ready(false);
    try {
      const bytes = await this.admit(target, evicting);
      const servable = await this.options.load({ name: model, version, dir, config, metrics, resolve, peek });
      if (this.closed) {
        await servable.close();
        throw new LoadFailure("The server is shutting down.");
      }
      const { memoryBytes, settings } = servable;
      const held = memoryBytes > 0 ? heldBytes(memoryBytes, settings.instances) : bytes;
      if (budget.limit > 0 && held > budget.limit) {
        await servable.close();
        throw tooLarge(held, budget.limit);
      }
      entry.measuredBytes = held;
      entry.succeed(servable);
      await budget.settle(target, entry);
      const seconds = (performance.now() - started) / 1000;
      metrics.ready(true);
      metrics.loaded(seconds);
      metrics.memory(entry.measuredBytes);
      const { instances } = servable.settings;
      log.info({ model, version, instances, seconds: Number(seconds.toFixed(3)) }, "model loaded");
    } catch (error) {
      await budget.settle(target);
      if (previous || error instanceof MemoryTaken) metrics.remove();
      else entry.fail(messageOf(error), metrics);
      throw error;
    }
    if (previous) void this.leave(previous);
  }

  /** @returns the bytes that the version is expected to hold */
  private async admit(target: LoadTarget, evicting: boolean): Promise<number> {
    const { entry, config } = target;
    if (config.pipeline) return 0;
    const bytes =
      entry.measuredBytes ?? expectedBytes(entry.fileBytes, config.instances ?? this.options.instances);
    const { budget } = this.options;
    const admission = await budget.admit(target, bytes, evicting, entry.servable ? entry : undefined);
    if (admission === "never") throw tooLarge(bytes, budget.limit);
    if (admission === "full") {
      throw new MemoryTaken(
        `The models that are in use hold the memory of \`--model-memory-budget\` (${budget.limit}).`,
      );
    }
    return bytes;
  }
}

function tooLarge(bytes: number, limit: number): LoadFailure {
  return new LoadFailure(
    `It needs about ${bytes} bytes of memory, but \`--model-memory-budget\` is ${limit}.`,
  );
}
