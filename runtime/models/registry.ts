import type { ModelConfig } from "./model-config-types";
import { RepositoryControl, type ControlParameters } from "./registry-control";
import { repositoryIndex } from "./registry-index";
import { Models } from "./registry-models";
import { startModels } from "./registry-start";
import type { IndexEntry, ModelControl, RegistryOptions } from "./registry-types";
import { modelNames } from "./repository";
import type { RepositoryWatch } from "./repository-watch";
import type { Servable } from "./servable";

export type { IndexEntry, ModelState, RegistryOptions } from "./registry-types";

/** Seconds between two looks at the repository, unless `--poll-interval` says otherwise. */
export const POLL_INTERVAL = 15;

/** The models of a repository and what became of each version. */
export class ModelRegistry {
  private readonly mode: ModelControl;
  private readonly models: Models;
  private readonly control: RepositoryControl;
  private watch: RepositoryWatch | undefined;
  private loading = true;
  private started: Promise<void> | undefined;
  private closed = false;

  /** @throws UsageError where a public key cannot be read */
  constructor(private readonly options: RegistryOptions) {
    this.mode = options.modelControl ?? "none";
    this.models = new Models(options);
    this.control = new RepositoryControl(this.models, options.modelRepository, this.mode);
  }

  /** Loads what is to be there from the start. A model that cannot be loaded is recorded with its reason, not thrown. */
  loadAll(): Promise<void> {
    return (this.started ??= this.start());
  }

  /** Whether what is to be there from the start is still being loaded. */
  get isStarting(): boolean {
    return this.loading && !this.closed;
  }

  /** Whether loading has ended and, when `strict`, every version serves that was there at the start or has served since. */
  ready(strict: boolean): boolean {
    if (this.loading || this.closed) return false;
    if (!strict) return true;
    for (const { versions } of this.models) {
      if (versions.some((entry) => entry.required && !entry.serves)) return false;
    }
    return true;
  }

  /** Whether one model can serve; without a version or label, whether any of it can. @throws ModelNotFound */
  modelReady(name: string, version?: string): boolean {
    return this.models.entries(name, version).some((entry) => entry.serves);
  }

  /**
   * The model to run: the given version or label, or the highest that is ready. A promise only where it has to be loaded
   * first.
   * @throws ModelNotFound or ModelNotReady
   */
  resolve(name: string, version?: string): Servable | Promise<Servable> {
    return this.models.resolve(name, version);
  }

  /** The version that a version or label stands for; undefined for none. @throws ModelNotFound */
  versionOf(name: string, version?: string): string | undefined {
    const entries = this.models.entries(name, version);
    return version ? entries[0]!.version : undefined;
  }

  /** Whether a model has this version, by its number, whatever became of it. @throws ModelNotFound */
  hasVersion(name: string, version: string): boolean {
    return this.models.require(name).find(version) !== undefined;
  }

  /** Versions of a model that can serve, ascending. @throws ModelNotFound */
  readyVersions(name: string): string[] {
    return this.models.entries(name).flatMap((entry) => (entry.serves ? [entry.version] : []));
  }

  /** `model.json` as it is followed at present. @throws ModelNotFound */
  configOf(name: string): ModelConfig {
    return this.models.require(name).config;
  }

  index(): IndexEntry[] {
    return repositoryIndex(
      this.models,
      this.mode === "explicit" ? modelNames(this.options.modelRepository) : [],
    );
  }

  /** Loads a model, or loads it again, without a request failing. @throws Conflict, ModelNotFound or InvalidArgument */
  load(name: string, parameters?: ControlParameters): Promise<void> {
    return this.control.load(name, parameters);
  }

  /** Takes a model out of service once what was asked of it is answered. @throws Conflict or ModelNotFound */
  unload(name: string, parameters?: ControlParameters): Promise<void> {
    return this.control.unload(name, parameters);
  }

  /** In poll mode looks at the repository at once instead of at the next interval; resolves when it is followed. */
  async look(): Promise<void> {
    await this.watch?.look();
  }

  /** Ends every worker. Waits for loads that are under way: a thread inside native code cannot be ended safely. */
  async close(): Promise<void> {
    this.closed = true;
    this.watch?.stop();
    await this.models.close();
    await this.started?.catch(() => undefined);
  }

  private async start(): Promise<void> {
    this.watch = await startModels(this.models, this.options);
    this.loading = false;
    if (this.closed) return;
    this.models.retriesPipelines = true;
    this.watch?.start(this.options.pollInterval ?? POLL_INTERVAL);
  }
}
