import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { cacheDir } from "../paths";
import { cacheKey } from "./cache-key";
import { GO_GROUPS, type GoGroup, type GoProgram } from "./tool-groups";

/** Where a group's programs lie in the cache. */
export interface GroupLayout {
  /** `<cache>/toolchain/<name>-<key>` */
  readonly root: string;
  readonly bin: string;
  /** Folders of modules; see `GoGroup.moduleFolders`. */
  readonly modules: string;
  /** Where Go puts a program before it is renamed into `bin`; on the same file system, or renaming would copy. */
  readonly stage: string;
  /** Packages that were compiled so far, a line each: an interrupted build goes on counting. */
  readonly compiled: string;
}

/** Folder of everything that is built. */
export const toolchainDir = (): string => join(cacheDir(), "toolchain");

/**
 * What shapes a compiled package: programs that are built with the same share Go's cache. What a debugger would read is left out at
 * once, which spares a fifth of the time.
 */
export const PACKAGE_FLAGS = ["-trimpath", "-gcflags=all=-dwarf=false"];

/** Flags of `go build` for all programs of a group. */
export function buildFlags(group: GoGroup): string[] {
  const flags = ["-v", ...PACKAGE_FLAGS, "-buildvcs=false", "-mod=readonly", "-ldflags=-s -w"];
  if (group.tags) flags.push(`-tags=${group.tags.join(",")}`);
  for (const program of group.programs) {
    const variables = Object.entries(program.variables ?? {}).map(([name, value]) => `-X ${name}=${value}`);
    // The last pattern that matches a main package decides.
    if (variables.length > 0) flags.push(`-ldflags=${program.package}=-s -w ${variables.join(" ")}`);
  }
  return flags;
}

/** What Go calls the program's file: the last element of its package path. */
export const builtName = (program: GoProgram): string =>
  program.package.slice(program.package.lastIndexOf("/") + 1);

export function layoutOf(group: GoGroup): GroupLayout {
  // Groups of one graph share a folder, so the key covers the flags of all of them.
  const sharing = Object.values(GO_GROUPS).filter((other) => other.cacheName === group.cacheName);
  const settings = [
    process.platform,
    process.arch,
    ...sharing.map((other) => [buildFlags(other), other.moduleFolders]),
  ];
  const key = cacheKey(sourceFiles(group.graph), settings);
  const root = join(toolchainDir(), `${group.cacheName}-${key}`);
  return {
    root,
    bin: join(root, "bin"),
    modules: join(root, "modules"),
    stage: join(root, `stage-${group.name}`),
    compiled: join(root, `compiled-${group.name}.txt`),
  };
}

/** go.mod, go.sum and Go sources of a graph, in the order of their names. */
function sourceFiles(graph: string): string[] {
  return readdirSync(graph, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /^go\.(mod|sum)$|\.go$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** The programs that are not in the cache yet. */
export function missingPrograms(group: GoGroup, layout = layoutOf(group)): GoProgram[] {
  return group.programs.filter((program) => !existsSync(join(layout.bin, program.name)));
}

/** The modules whose folders are not in the cache yet. */
export function missingModules(group: GoGroup, layout = layoutOf(group)): string[] {
  return Object.keys(group.moduleFolders).filter((module) => !existsSync(join(layout.modules, module)));
}

export function isBuilt(group: GoGroup): boolean {
  const layout = layoutOf(group);
  return missingPrograms(group, layout).length === 0 && missingModules(group, layout).length === 0;
}
