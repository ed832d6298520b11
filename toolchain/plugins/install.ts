import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { markUsed, removeUnusedKeys } from "../build/prune";
import { projectRoot } from "../paths";
import { silent, withTask, type Progress } from "../progress";
import { bundleModule } from "./bundle";
import { catalogue, executableName, folderName } from "./catalogue";
import type { PluginSpec } from "./catalogue";
import { requireOfficialPlugins } from "./official";

/** The engine looks nothing up on the network, and advertises nothing. */
const QUIET = {
  PULUMI_SKIP_UPDATE_CHECK: "true",
  PULUMI_SUPPRESS_NEO_LINK: "true",
} as const;

export interface InstallOptions {
  /** Where the plugins go, in a folder that is named for their content. Usually the cache folder. */
  readonly home: string;
  /** Path of an official `pulumi` that runs instead: it has its own language host and fetches its own plugins. */
  readonly officialEngine?: string;
  /** Told only where there is something to install. @default silent */
  readonly progress?: Progress;
}

/** Environment variables to run `pulumi` with. */
export type EngineEnvironment = Record<string, string>;

async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/**
 * npm's own notes on what it has installed: versions of everything that the bundles hold. In a checkout there is one; a
 * project that has installed this one has it in its own node_modules.
 */
function installedPackages(): string[] {
  const folders = require.resolve.paths("slipway") ?? [];
  return folders.map((folder) => join(folder, ".package-lock.json")).filter((file) => existsSync(file));
}

/** Changes with anything that the installed files are made of. */
async function contentKey(plugins: readonly PluginSpec[]): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify([process.execPath, plugins]));
  const toolchain = join(projectRoot, "toolchain");
  const shared = (await readdir(toolchain))
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(toolchain, name));
  const sources = [...(await filesUnder(join(toolchain, "plugins"))), ...shared];
  for (const file of [...sources.sort(), ...installedPackages()]) {
    hash.update(relative(projectRoot, file)).update("\0");
    hash.update(await readFile(file)).update("\0");
  }
  return hash.digest("hex").slice(0, 16);
}

/** `exec` keeps the process ID, so that the engine's signals reach node itself. */
function launcher(): string {
  const node = process.execPath.replaceAll("'", "'\\''");
  return `#!/bin/sh\nexec '${node}' --stack-trace-limit=50 "\${0%/*}/start.cjs" "$@"\n`;
}

async function writePlugin(plugin: PluginSpec, plugins: string): Promise<void> {
  const folder = join(plugins, folderName(plugin));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "plugin.cjs"), await bundleModule(plugin.module, plugin.version));
  await copyFile(join(__dirname, "start.js"), join(folder, "start.cjs"));
  if (plugin.preload) {
    await writeFile(join(folder, "preload.cjs"), await bundleModule(plugin.preload, plugin.version));
  }
  const executable = join(folder, executableName(plugin));
  await writeFile(executable, launcher());
  await chmod(executable, 0o755);
}

/**
 * Installs everything beside, and puts it in place with one rename: a run that starts at the same time sees all of it
 * or nothing, and one that is interrupted leaves nothing that counts.
 */
async function installAt(target: string, plugins: readonly PluginSpec[]): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const staging = await mkdtemp(`${target}.`);
  try {
    await Promise.all(plugins.map((plugin) => writePlugin(plugin, join(staging, "plugins"))));
    await rename(staging, target);
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    // Another run was faster; its folder has the same content, because the name says so.
    if (!existsSync(target)) throw error;
  }
}

/**
 * Makes the language host and the provider plugins ready for an engine that cannot download the official ones.
 * Takes some 30 ms when they are installed already, and up to a few seconds when not.
 * @returns the environment variables that make `pulumi` use them, and them alone
 */
export async function installPlugins(options: InstallOptions): Promise<EngineEnvironment> {
  const { home, officialEngine, progress = silent } = options;
  const plugins = catalogue();
  if (officialEngine !== undefined) {
    await requireOfficialPlugins(officialEngine, plugins, progress);
    return { ...QUIET };
  }
  const pulumiHome = join(home, `pulumi-home-${await contentKey(plugins)}`);
  if (!existsSync(pulumiHome)) {
    await withTask(progress, "Preparing the engine's plugins", () => installAt(pulumiHome, plugins));
    removeUnusedKeys(pulumiHome);
  }
  // Of two checkouts, neither clears what the other one uses.
  markUsed(pulumiHome);
  return {
    ...QUIET,
    PULUMI_HOME: pulumiHome,
    // A plugin on PATH would win, with a warning on every run.
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DISABLE_REGISTRY_RESOLVE: "true",
  };
}
