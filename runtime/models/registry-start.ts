import { unreadable } from "../unreadable";
import { readModelConfig } from "./model-config";
import { partsOf } from "./registry-change";
import type { Models } from "./registry-models";
import { dependencyOrder } from "./registry-pipelines";
import type { RegistryOptions } from "./registry-types";
import { scanRepository, type ModelFolder } from "./repository";
import { RepositoryWatch } from "./repository-watch";

const FIRST = { reload: false, initial: true };

/**
 * Loads what is to be there from the start: pipelines after the models that they run.
 * @returns what goes on looking at the repository, in poll mode
 */
export async function startModels(
  models: Models,
  options: RegistryOptions,
): Promise<RepositoryWatch | undefined> {
  const { modelRepository, modelControl, log } = options;
  const folders = await scanRepository(modelRepository, (name) =>
    log.warn({ folder: name }, "a folder of the repository is ignored: its name cannot be a model's"),
  ).catch((error: unknown) => {
    throw unreadable("--model-repository", modelRepository, error);
  });
  if (folders.length === 0) log.warn({ modelRepository }, "the repository holds no model");
  const parts = await partsByName(folders);
  const wanted =
    modelControl === "explicit" ? namedModels(models, folders, parts, options.loadModel ?? []) : folders;
  for (const folder of wanted) models.register(folder.name).expect(folder);
  models.complete = true;
  const watch = modelControl === "poll" ? watched(models, options) : undefined;
  await watch?.begin(folders);
  const byName = new Map(wanted.map((folder) => [folder.name, folder]));
  const runs = (name: string) => parts.get(name) ?? [];
  const first = async (folder: ModelFolder) => {
    const problems = await models.register(folder.name).apply(folder, FIRST);
    watch?.followed(folder.name, problems);
  };
  await Promise.all(wanted.filter(({ name }) => runs(name).length === 0).map(first));
  for (const name of dependencyOrder([...byName.keys()], runs)) {
    if (runs(name).length > 0) await first(byName.get(name)!);
  }
  return watch;
}

async function partsByName(folders: readonly ModelFolder[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const parts = folders.map(async ({ name, dir }) => {
    // What is wrong with a `model.json` is said when the model is loaded.
    const config = await readModelConfig(dir).catch(() => undefined);
    return [name, config ? partsOf(config) : []] as const;
  });
  return new Map(await Promise.all(parts));
}

/** The models of `--load-model` and those that pipelines among them run. */
function namedModels(
  models: Models,
  folders: readonly ModelFolder[],
  parts: ReadonlyMap<string, readonly string[]>,
  names: readonly string[],
): ModelFolder[] {
  if (names.includes("*")) return [...folders];
  const wanted = new Set<string>();
  const want = (name: string) => {
    if (wanted.has(name)) return;
    wanted.add(name);
    parts.get(name)?.forEach(want);
  };
  names.forEach(want);
  const found = folders.filter(({ name }) => wanted.has(name));
  for (const { name } of found) models.register(name).loadedAlong = !names.includes(name);
  for (const name of names) {
    if (!found.some((folder) => folder.name === name)) {
      models.register(name).miss("`--load-model` asks for it, but the repository does not have it.");
    }
  }
  return found;
}

function watched(models: Models, { modelRepository, log, now }: RegistryOptions): RepositoryWatch {
  return new RepositoryWatch(
    modelRepository,
    {
      changed: (folder) => models.register(folder.name).apply(folder, { reload: false, initial: false }),
      removed: (name) => models.register(name).remove(),
    },
    log,
    now,
  );
}
