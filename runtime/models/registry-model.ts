import { join } from "node:path";
import type { Logger } from "pino";
import { ServerError } from "../errors";
import { messageOf } from "../message-of";
import { movedLabels, NO_LABELS, type Labels } from "./labels";
import { Sequence } from "./load-control";
import type { MemoryBudget } from "./memory-budget";
import { readModelConfig } from "./model-config";
import type { ModelConfig } from "./model-config-types";
import {
  absent,
  KEPT,
  partsOf,
  presentVersions,
  sessionPart,
  type Change,
  type LoadProblem,
} from "./registry-change";
import { MemoryTaken, type Loads } from "./registry-loads";
import { ModelVersion } from "./registry-version";
import type { ModelFolder } from "./repository";
import { stampOfFiles } from "./repository-stamp";
import type { Servable } from "./servable";
import { byVersion, chosenVersions, standInVersions } from "./version-policy";

/** What a model needs of the registry around it. */
export interface ModelSurroundings {
  readonly loads: Loads;
  readonly budget: MemoryBudget;
  readonly log: Logger;
  now(): number;
  /** Other versions are found from now on. */
  changed(model: RegisteredModel): void;
  /** A version of it has been loaded, which pipelines may have waited for. */
  loaded(model: RegisteredModel): void;
  /** A request had to wait until a version was loaded. */
  coldLoaded(model: string, version: string): void;
  /** A version was unloaded to make room. */
  evicted(model: string, version: string): void;
  /** How the pipeline leads back to itself; undefined where it does not. */
  cycleOf(model: string, config: ModelConfig): string | undefined;
}

const NO_CONFIG: ModelConfig = { sha256: {} };

/** A model of the repository. What is done to it is done one after the other. */
export class RegisteredModel {
  /** Ascending. */
  versions: readonly ModelVersion[] = [];
  config: ModelConfig = NO_CONFIG;
  labels: Labels = NO_LABELS;
  /** Whether `model.json` has been read: before that nobody knows its labels. */
  isConfigured = false;
  /** Loaded for the sake of a pipeline, not because somebody asked for it. */
  loadedAlong = false;
  private folder: ModelFolder | undefined;
  private readonly sequence = new Sequence();

  constructor(
    readonly name: string,
    private readonly around: ModelSurroundings,
  ) {}

  find(version: string): ModelVersion | undefined {
    return this.versions.find((entry) => entry.version === version);
  }

  /** Whether any of it is there, or was asked to be. */
  get isWanted(): boolean {
    return this.versions.some(({ version, wanted }) => wanted && version !== "");
  }

  /** Names of the models that it runs, where it is a pipeline. */
  get parts(): readonly string[] {
    return partsOf(this.config);
  }

  /** Lists the versions before they are loaded, so that requests and the index know that they will be. */
  expect({ versions }: ModelFolder): void {
    for (const version of versions) this.entry(version, true);
  }

  /** It was asked for, but is not there. */
  miss(reason: string): void {
    if (this.versions.length === 0) this.entry("", true).fail(reason);
    this.around.log.error({ model: this.name, reason }, "a model cannot be served");
  }

  /** Makes what is served follow the folder. Resolves with what could not be loaded. */
  apply(folder: ModelFolder, change: Change): Promise<LoadProblem[]> {
    return this.sequence.run(() => this.follow(folder, change));
  }

  /** Takes every version out of service, once what was asked of it is answered. */
  unload(): Promise<void> {
    return this.sequence.run(async () => {
      this.labels = NO_LABELS;
      this.loadedAlong = false;
      for (const entry of this.versions) entry.wanted = false;
      await this.retire(this.versions, (entry) => entry.set("UNAVAILABLE", "It was unloaded."));
    });
  }

  /** The folder is gone: so is the model. */
  remove(): Promise<void> {
    return this.sequence.run(async () => {
      this.folder = undefined;
      this.config = NO_CONFIG;
      this.labels = NO_LABELS;
      await this.retire(this.versions, (entry) => this.forget(entry));
    });
  }

  /** A model that this pipeline may have lacked is there now. */
  retry(): Promise<void> {
    return this.sequence.run(async () => {
      if (!this.config.pipeline || !this.folder) return;
      for (const entry of this.versions) {
        if (entry.state === "UNAVAILABLE" && entry.wanted && !entry.servable && !entry.standby) {
          await this.load(entry, true).catch(() => undefined);
        }
      }
    });
  }

  /** Loads a version that stands by; one load for all who wait. Rejects with ModelNotReady. */
  activate(entry: ModelVersion): Promise<Servable> {
    return (entry.activation ??= this.sequence
      .run(() => this.loadOnDemand(entry))
      .finally(() => (entry.activation = undefined)));
  }

  notReady(entry: ModelVersion): ServerError {
    const { state, version } = entry;
    const doing = state === "LOADING" ? "loaded" : state === "UNLOADING" ? "unloaded" : undefined;
    const why = doing ? `it is being ${doing}` : entry.reason;
    const what = version ? `Model \`${this.name}\` version ${version}` : `Model \`${this.name}\``;
    return new ServerError("ModelNotReady", `${what} is not ready: ${why}`);
  }

  private async follow(folder: ModelFolder, { reload, initial, override }: Change): Promise<LoadProblem[]> {
    this.folder = folder;
    let present = folder.versions;
    try {
      const config = await readModelConfig(folder.dir, override);
      present = presentVersions(folder, config);
      const cycle = this.around.cycleOf(this.name, config);
      if (cycle) throw new Error(`\`pipeline\` in \`model.json\` leads back to itself: ${cycle}.`);
      this.config = config;
    } catch (error) {
      return this.refuse(messageOf(error), present, initial);
    }
    const { labels, versionPolicy = "all" } = this.config;
    const chosen = chosenVersions(versionPolicy, present).map((version) => this.entry(version, initial));
    const moveLabels = () => {
      this.labels = movedLabels(labels, this.labels, (version) => this.find(version)?.serves === true);
      this.around.changed(this);
    };
    moveLabels();
    this.isConfigured = true;
    const problems = await Promise.all(
      chosen.map((entry) =>
        present.includes(entry.version) ? this.bring(entry, reload, initial) : this.lack(entry),
      ),
    );
    const failed = problems.flatMap((problem) => problem ?? []);
    const standIns = initial ? await this.standIn(failed, present) : [];
    moveLabels();
    this.dropOthers([...chosen, ...standIns], present, failed[0]);
    return failed;
  }

  /** At the start loads what would have gone on serving, had the server not been started anew: a lower version for each that failed. */
  private async standIn(failed: readonly LoadProblem[], present: readonly string[]): Promise<ModelVersion[]> {
    const { versionPolicy = "all", sha256 } = this.config;
    // Where digests say which files are meant, no others are.
    if (Object.keys(sha256).length > 0) return [];
    const lower = [...standInVersions(versionPolicy, present)];
    const found: ModelVersion[] = [];
    for (const problem of failed) {
      let standIn: ModelVersion | undefined;
      while (!standIn && lower.length > 0) {
        const entry = this.entry(lower.shift()!, true);
        if (!(await this.bring(entry, false, true))) standIn = entry;
      }
      if (!standIn) break;
      found.push(standIn);
      if (standIn.servable)
        standIn.set("READY", `It serves because version ${problem.version} could not be loaded.`);
      this.find(problem.version)!.required = false;
    }
    return found;
  }

  /** The version policy asks for a version that is not there. */
  private lack(entry: ModelVersion): LoadProblem {
    const problem = absent(entry);
    this.around.log.error({ model: this.name, ...problem }, "a model cannot be served");
    return problem;
  }

  /** Loads a version where its files or its configuration have changed since the last time. */
  private async bring(
    entry: ModelVersion,
    reload: boolean,
    initial: boolean,
  ): Promise<LoadProblem | undefined> {
    const { version } = entry;
    const files = await stampOfFiles(join(this.folder!.dir, version));
    const source = `${sessionPart(this.config, version)}${files.text}`;
    const same = entry.source === source;
    const { measuredBytes } = entry;
    if (same && entry.serves && !reload) return undefined;
    if (!same) entry.measuredBytes = undefined;
    entry.source = source;
    entry.fileBytes = files.bytes;
    entry.wanted = true;
    if (!entry.servable && (this.config.lazy || (entry.standby && !reload))) {
      entry.standBy("It is loaded on first use.");
      return undefined;
    }
    try {
      await this.load(entry, !initial);
      entry.required = true;
      return undefined;
    } catch (error) {
      if (error instanceof MemoryTaken && !entry.servable) {
        entry.standBy("It is loaded on first use: other models hold the memory.");
        return undefined;
      }
      if (entry.servable) {
        // What serves is not from these files: the next look at them must find something to do.
        entry.source = "";
        entry.measuredBytes = measuredBytes;
      }
      return { version, reason: messageOf(error) };
    }
  }

  /** @throws LoadFailure, where the version serves as before or is unavailable */
  private async load(entry: ModelVersion, evicting: boolean): Promise<void> {
    const { loads, log } = this.around;
    if (!entry.servable && !entry.standby) entry.set("LOADING");
    const dir = join(this.folder!.dir, entry.version);
    try {
      await loads.load({ model: this.name, entry, dir, config: this.config }, evicting);
    } catch (error) {
      const reason = messageOf(error);
      if (entry.servable) entry.set("READY", `${reason} ${KEPT}`);
      if (!loads.isClosed) {
        log.error({ model: this.name, version: entry.version, reason }, "a model cannot be served");
      }
      throw error;
    }
    this.around.changed(this);
    this.around.loaded(this);
  }

  private async loadOnDemand(entry: ModelVersion): Promise<Servable> {
    if (entry.servable) return entry.servable;
    if (!entry.standby) throw this.notReady(entry);
    try {
      await this.load(entry, true);
    } catch (error) {
      entry.failOnDemand(messageOf(error), !(error instanceof MemoryTaken));
      this.around.changed(this);
      throw this.notReady(entry);
    }
    this.around.coldLoaded(this.name, entry.version);
    return entry.servable!;
  }

  /** `model.json` cannot be followed: what serves goes on serving. */
  private refuse(reason: string, versions: readonly string[], initial: boolean): LoadProblem[] {
    this.isConfigured = true;
    for (const version of versions.length > 0 ? versions : [""]) this.entry(version, initial);
    for (const entry of this.versions) {
      if (entry.servable || entry.standby) entry.set("READY", `${reason} ${KEPT}`);
      else entry.fail(reason);
      this.around.log.error({ model: this.name, version: entry.version, reason }, "a model cannot be served");
    }
    this.around.changed(this);
    return this.versions.map(({ version }) => ({ version, reason }));
  }

  /** Retires what the version policy or the folder has no place for any more, unless it has to stand in for what failed. */
  private dropOthers(
    chosen: readonly ModelVersion[],
    present: readonly string[],
    failed: LoadProblem | undefined,
  ): void {
    const orphaned = !chosen.some(({ serves }) => serves);
    const leaving = this.versions.filter((entry) => {
      if (chosen.includes(entry) || entry.state === "UNLOADING") return false;
      if (!failed || !entry.serves || !(orphaned || present.includes(entry.version))) return true;
      entry.required = false;
      entry.set("READY", `It goes on serving because version ${failed.version} could not be loaded.`);
      return false;
    });
    // In the background: those who asked for the change wait for what is new, not for what is old.
    if (leaving.length > 0) void this.retire(leaving, (entry) => this.forget(entry));
  }

  /** Ends versions once what was asked of them is answered. */
  private async retire(
    entries: readonly ModelVersion[],
    ended: (entry: ModelVersion) => void,
  ): Promise<void> {
    const { loads, budget, log } = this.around;
    const leaving = entries.map((entry) => {
      const { servable } = entry;
      entry.servable = undefined;
      entry.required = false;
      entry.forgetFailure();
      entry.set("UNLOADING");
      budget.remove(entry);
      return { entry, servable };
    });
    this.around.changed(this);
    await Promise.all(
      leaving.map(async ({ entry, servable }) => {
        if (servable) {
          await loads.leave(servable);
          log.info({ model: this.name, version: entry.version }, "model unloaded");
        }
        ended(entry);
      }),
    );
  }

  private async evict(entry: ModelVersion): Promise<void> {
    const { servable, version } = entry;
    if (!servable) return;
    entry.servable = undefined;
    entry.standBy("It was unloaded to make room for others; it is loaded on next use.");
    this.around.changed(this);
    this.around.evicted(this.name, version);
    this.around.log.info({ model: this.name, version }, "model unloaded to make room for others");
    await this.around.loads.leave(servable);
  }

  /** The version's entry; a new one where there is none, or one that is about to go. */
  private entry(version: string, required: boolean): ModelVersion {
    const found = this.find(version);
    if (found && found.state !== "UNLOADING") return found;
    const entry = new ModelVersion(version, (evicted) => this.evict(evicted), this.around.now);
    entry.required = required;
    this.versions = [...this.versions.filter((other) => other !== found), entry].sort((a, b) =>
      byVersion(a.version, b.version),
    );
    return entry;
  }

  private forget(entry: ModelVersion): void {
    this.versions = this.versions.filter((other) => other !== entry);
    this.around.changed(this);
  }
}
