import { join } from "node:path";
import type { Logger } from "pino";
import { usableCpus } from "../cpu-quota";
import { ServerError } from "../errors";
import { messageOf } from "../message-of";
import type { Metrics } from "../metrics/metrics";
import { readModelConfig, type ModelConfig } from "./model-config";
import { scanRepository, type ModelFolder } from "./repository";
import { ServedModel } from "./served-model";
import type { SpawnWorker } from "./worker-instance";

/** The names that Triton's repository index uses. */
export type ModelState = "LOADING" | "READY" | "UNAVAILABLE";

/** A line of the repository index. */
export interface IndexEntry {
  readonly name: string;
  /** Empty for a model without any version. */
  readonly version: string;
  readonly state: ModelState;
  /** Why it is unavailable; empty otherwise. */
  readonly reason: string;
}

export interface RegistryOptions {
  readonly modelRepository: string;
  readonly instances: number;
  /** 0 derives it from the CPU quota. */
  readonly intraOpThreads: number;
  readonly maxQueueSize: number;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly spawn?: SpawnWorker;
}

interface Entry {
  readonly version: string;
  state: ModelState;
  reason: string;
  served?: ServedModel;
}

/** The models of a repository and what became of each version. */
export class ModelRegistry {
  private readonly models = new Map<string, Entry[]>();
  private loading = true;
  private loaded: Promise<void> | undefined;
  private closed = false;

  constructor(private readonly options: RegistryOptions) {}

  /** Loads every version of every model. A model that cannot be loaded is recorded with its reason, not thrown. */
  loadAll(): Promise<void> {
    return (this.loaded ??= this.load());
  }

  /** Whether loading has ended and, when `strict`, every version can serve. */
  ready(strict: boolean): boolean {
    if (this.loading || this.closed) return false;
    return !strict || this.index().every((entry) => entry.state === "READY");
  }

  /** Whether one model can serve; without a version, whether any of it can. @throws ModelNotFound */
  modelReady(name: string, version?: string): boolean {
    return this.entries(name, version).some((entry) => stateOf(entry) === "READY");
  }

  /**
   * The model to run: the given version, or the highest that is ready.
   * @throws ModelNotFound or ModelNotReady
   */
  resolve(name: string, version?: string): ServedModel {
    const entries = this.entries(name, version);
    for (let i = entries.length - 1; i >= 0; i--) {
      const { served } = entries[i]!;
      if (served && served.unavailable === undefined) return served;
    }
    const last = entries[entries.length - 1]!;
    const why = last.state === "LOADING" ? "it is being loaded" : reasonOf(last);
    throw new ServerError(
      "ModelNotReady",
      `Model \`${name}\` version ${last.version || "(none)"} is not ready: ${why}`,
    );
  }

  /** Versions of a model that can serve, ascending. */
  readyVersions(name: string): string[] {
    return this.entries(name).flatMap((entry) => (stateOf(entry) === "READY" ? [entry.version] : []));
  }

  index(): IndexEntry[] {
    return [...this.models].flatMap(([name, entries]) =>
      entries.map((entry) => ({
        name,
        version: entry.version,
        state: stateOf(entry),
        reason: reasonOf(entry),
      })),
    );
  }

  /** Ends every worker. Waits for loads that are under way: a thread inside native code cannot be ended safely. */
  async close(): Promise<void> {
    this.closed = true;
    await this.loaded?.catch(() => undefined);
    const served = [...this.models.values()].flat().flatMap((entry) => entry.served ?? []);
    await Promise.all(served.map((model) => model.close()));
  }

  private async load(): Promise<void> {
    const { modelRepository, log } = this.options;
    const folders = await scanRepository(modelRepository, (name) =>
      log.warn({ folder: name }, "a folder of the repository is ignored: its name cannot be a model's"),
    );
    for (const folder of folders) {
      const versions = folder.versions.map((version): Entry => ({ version, state: "LOADING", reason: "" }));
      this.models.set(folder.name, versions);
    }
    if (folders.length === 0) log.warn({ modelRepository }, "the repository holds no model");
    await Promise.all(folders.map((folder) => this.loadModel(folder)));
    this.loading = false;
  }

  private entries(name: string, version?: string): Entry[] {
    const entries = this.models.get(name);
    if (!entries) throw new ServerError("ModelNotFound", `There is no model \`${shown(name)}\`.`);
    if (version === undefined || version === "") return entries;
    const entry = entries.find((candidate) => candidate.version === version);
    if (!entry) {
      const known = entries.map((candidate) => candidate.version).join(", ");
      throw new ServerError(
        "ModelNotFound",
        `Model \`${name}\` has no version \`${shown(version)}\`; it has ${known}.`,
      );
    }
    return [entry];
  }

  private async loadModel(folder: ModelFolder): Promise<void> {
    const entries = this.models.get(folder.name)!;
    let config: ModelConfig;
    try {
      config = await readModelConfig(folder.dir);
      requireVersions(folder);
    } catch (error) {
      if (entries.length === 0) entries.push({ version: "", state: "LOADING", reason: "" });
      for (const entry of entries) this.fail(folder.name, entry, error);
      return;
    }
    await Promise.all(entries.map((entry) => this.loadVersion(folder, entry, config)));
  }

  private async loadVersion(folder: ModelFolder, entry: Entry, config: ModelConfig): Promise<void> {
    const { name } = folder;
    const { version } = entry;
    const instances = config.instances ?? this.options.instances;
    const metrics = this.options.metrics.forModel(name, version);
    const started = performance.now();
    metrics.ready(false);
    try {
      const served = await ServedModel.load({
        name,
        version,
        file: join(folder.dir, version, "model.onnx"),
        sha256: config.sha256[version],
        instances,
        intraOpThreads: this.options.intraOpThreads || Math.max(1, Math.floor(usableCpus() / instances)),
        batching: config.batching,
        maxQueueSize: this.options.maxQueueSize,
        metrics,
        log: this.options.log,
        spawn: this.options.spawn,
      });
      if (this.closed) {
        await served.close();
        return;
      }
      entry.served = served;
      entry.state = "READY";
      const seconds = (performance.now() - started) / 1000;
      metrics.ready(true);
      metrics.loaded(seconds);
      this.options.log.info(
        { model: name, version, instances, seconds: Number(seconds.toFixed(3)) },
        "model loaded",
      );
    } catch (error) {
      this.fail(name, entry, error);
    }
  }

  private fail(model: string, entry: Entry, error: unknown): void {
    entry.state = "UNAVAILABLE";
    entry.reason = messageOf(error);
    this.options.log.error(
      { model, version: entry.version, reason: entry.reason },
      "a model cannot be served",
    );
  }
}

function requireVersions(folder: ModelFolder): void {
  if (folder.versions.length > 0) return;
  throw new Error("The model's folder holds no version: `model.onnx` must lie in a folder such as `1`.");
}

function stateOf(entry: Entry): ModelState {
  return entry.served?.unavailable === undefined ? entry.state : "UNAVAILABLE";
}

function reasonOf(entry: Entry): string {
  return entry.served?.unavailable ?? entry.reason;
}

/** A name from a URL, short enough for an error message. */
function shown(name: string): string {
  return name.length > 64 ? `${name.slice(0, 64)}…` : name;
}
