import { invalid, ServerError } from "../errors";
import { messageOf } from "../message-of";
import { parseModelConfig, readModelConfig } from "./model-config";
import { partsOf, type LoadProblem } from "./registry-change";
import type { RegisteredModel } from "./registry-model";
import type { Models } from "./registry-models";
import type { ModelControl } from "./registry-types";
import { scanModel } from "./repository";
import { fromTritonConfig, isTritonConfig } from "./triton-config";

/** What came with a request to load or unload, as plain values. */
export type ControlParameters = Readonly<Record<string, unknown>>;

/** Loads and unloads models as requests ask for it; in explicit mode. */
export class RepositoryControl {
  constructor(
    private readonly models: Models,
    private readonly root: string,
    private readonly mode: ModelControl,
  ) {}

  /**
   * Loads a model, or loads it again with what lies in its folder now; requests are served all the while. The models of
   * a pipeline are loaded first where they are not.
   * @throws Conflict, ModelNotFound, or InvalidArgument with what could not be loaded
   */
  async load(name: string, parameters: ControlParameters = {}): Promise<void> {
    this.requireExplicit();
    const override = overrideOf(name, parameters);
    const problems = await this.loadFolder(name, override);
    if (problems.length === 0) return;
    const reasons = problems.map(({ version, reason }) =>
      version ? `version ${version}: ${reason}` : reason,
    );
    throw invalid(`Model \`${name}\` could not be loaded: ${reasons.join(" ")}`);
  }

  /**
   * Takes a model out of service; resolves when what was asked of it is answered.
   * @throws Conflict or ModelNotFound
   */
  async unload(name: string, parameters: ControlParameters = {}): Promise<void> {
    this.requireExplicit();
    const { unload_dependents: dependents = false, ...others } = parameters;
    refuseOthers(others, "unload_dependents");
    if (typeof dependents !== "boolean")
      throw invalid("The parameter `unload_dependents` must be true or false.");
    const model = this.models.require(name);
    const pipelines = dependents ? this.pipelinesOf(name) : [];
    const parts = dependents ? model.parts : [];
    // Pipelines go first, so that none is found whose models are gone.
    await Promise.all(pipelines.map((pipeline) => pipeline.unload()));
    await model.unload();
    await this.unloadLeftOver(parts);
  }

  /** Unloads models that were loaded for pipelines only, of which none is left that runs them. */
  private async unloadLeftOver(names: readonly string[]): Promise<void> {
    for (const name of names) {
      const model = this.models.get(name);
      if (!model?.loadedAlong || !model.isWanted || this.pipelinesOf(name).length > 0) continue;
      const { parts } = model;
      await model.unload();
      await this.unloadLeftOver(parts);
    }
  }

  private async loadFolder(
    name: string,
    override: Readonly<Record<string, unknown>> | undefined,
    pipelines: ReadonlySet<string> = new Set(),
  ): Promise<LoadProblem[]> {
    const folder = await scanModel(this.root, name);
    if (!folder)
      throw new ServerError("ModelNotFound", `The repository has no model \`${name.slice(0, 64)}\`.`);
    const config = await readModelConfig(folder.dir, override).catch(() => undefined);
    const above = new Set([...pipelines, name]);
    for (const part of config ? partsOf(config) : []) {
      const before = this.models.get(part);
      if (above.has(part) || before?.versions.some(({ serves }) => serves)) continue;
      const asked = before?.isWanted === true && !before.loadedAlong;
      // What is wrong with it is in the index, and the pipeline says that it lacks it.
      await this.loadFolder(part, undefined, above).catch(() => undefined);
      const model = this.models.get(part);
      if (model) model.loadedAlong = !asked;
    }
    const model = this.models.register(name);
    model.loadedAlong = false;
    return model.apply(folder, { reload: true, initial: false, override });
  }

  private requireExplicit(): void {
    if (this.mode === "explicit") return;
    const follows =
      this.mode === "poll" ? "the server follows the folder itself" : "models are loaded at the start only";
    throw new ServerError(
      "Conflict",
      `\`--model-control\` is ${this.mode}: ${follows}. With \`--model-control explicit\` models are loaded and unloaded by request.`,
    );
  }

  private pipelinesOf(name: string): RegisteredModel[] {
    return [...this.models].filter((model) => model.isWanted && model.parts.includes(name));
  }
}

/** Fields of `model.json` that come with a request, as such or as Triton's. @throws InvalidArgument */
function overrideOf(model: string, parameters: ControlParameters): Record<string, unknown> | undefined {
  const { config, ...others } = parameters;
  const [file] = Object.keys(others).filter((key) => key.startsWith("file:"));
  if (file !== undefined) {
    throw invalid(
      `The parameter \`${file.slice(0, 64)}\` is not taken: put the file into the model repository, then load the model without it.`,
    );
  }
  refuseOthers(others, "config");
  if (config === undefined) return undefined;
  if (typeof config !== "string") throw invalid("The parameter `config` must be a text that holds JSON.");
  let fields: unknown;
  try {
    fields = JSON.parse(config);
  } catch {
    throw invalid("The parameter `config` is not valid JSON.");
  }
  const isTriton = isTritonConfig(fields);
  try {
    if (isTriton) fields = fromTritonConfig(fields as ControlParameters, model);
    parseModelConfig(fields, "config");
  } catch (error) {
    const hint = " It holds fields of `model.json`, or of Triton's model configuration.";
    throw invalid(`${messageOf(error)}${isTriton ? "" : hint}`);
  }
  return fields as Record<string, unknown>;
}

function refuseOthers(parameters: ControlParameters, known: string): void {
  const [unknown] = Object.keys(parameters);
  if (unknown !== undefined)
    throw invalid(`The parameter \`${unknown.slice(0, 64)}\` is not taken; there is \`${known}\`.`);
}
