import { availableParallelism } from "node:os";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readMounts } from "./mounts";
import { CGROUP_ROOT } from "./settings";

interface Hierarchy {
  readonly path: string;
  readonly version: 1 | 2;
}

/** Every cgroup hierarchy that the machine has mounted; one of version 2, or one for each controller of version 1. */
function hierarchies(): Hierarchy[] {
  return readMounts()
    .filter(({ type, path }) => type.startsWith("cgroup") && path.startsWith("/sys/fs/cgroup"))
    .map(({ type, path }) => ({ path, version: type === "cgroup2" ? 2 : 1 }));
}

/** Makes the cgroup below which kubelet puts all pods; kubelet wants it in every hierarchy. */
export function ensureCgroupRoot(): void {
  for (const { path, version } of hierarchies()) {
    const own = join(path, CGROUP_ROOT);
    if (version === 2) enableControllers(path);
    mkdirSync(own, { recursive: true });
    if (version === 2) enableControllers(own);
    weigh(own);
    // Version 1 lets nothing run in a cpuset until its processors and memory nodes are named.
    for (const file of ["cpuset.cpus", "cpuset.mems"]) {
      const [from, to] = [join(path, file), join(own, file)];
      if (version === 1 && existsSync(to) && readFileSync(to, "utf8").trim() === "") {
        writeFileSync(to, readFileSync(from, "utf8").trim());
      }
    }
  }
}

/**
 * What runs outside of any cgroup counts process by process. All pods together would count as one of them, and starve
 * beside a compiler; kubelet weighs them by the processors only among its own cgroups.
 */
function weigh(dir: string): void {
  for (const [file, ofOne] of [
    ["cpu.shares", 1024],
    ["cpu.weight", 100],
  ] as const) {
    if (existsSync(join(dir, file))) writeFileSync(join(dir, file), String(ofOne * availableParallelism()));
  }
}

function enableControllers(dir: string): void {
  const controllers = readFileSync(join(dir, "cgroup.controllers"), "utf8").trim().split(" ").filter(Boolean);
  for (const controller of controllers) {
    try {
      writeFileSync(join(dir, "cgroup.subtree_control"), `+${controller}`);
    } catch {
      // Some cannot be delegated; kubelet says which one it misses.
    }
  }
}

/** The numbers of all processes in our cgroups: everything that runs inside pods. */
export function processesInCgroups(): number[] {
  const numbers = hierarchies().flatMap(({ path }) =>
    foldersBelow(join(path, CGROUP_ROOT)).flatMap(readProcesses),
  );
  return [...new Set(numbers)];
}

/** Removes our cgroups. Nothing may run in them any more. */
export function removeCgroups(): void {
  for (const { path } of hierarchies()) {
    // The innermost first: a cgroup with children cannot be removed.
    for (const dir of foldersBelow(join(path, CGROUP_ROOT)).reverse()) {
      try {
        rmdirSync(dir);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      }
    }
  }
}

function readProcesses(dir: string): number[] {
  try {
    return readFileSync(join(dir, "cgroup.procs"), "utf8").split("\n").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function foldersBelow(dir: string): string[] {
  if (!existsSync(dir)) return [];
  const children = readdirSync(dir, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [dir, ...children.flatMap((entry) => foldersBelow(join(dir, entry.name)))];
}
