import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return undefined;
  }
}

/** A group and its ancestors up to the root: each may limit the processor, the least one counts. */
function lineage(group: string): string[] {
  const groups = [group];
  while (group !== "/" && group !== ".") groups.push((group = dirname(group)));
  return groups;
}

/** The folders that describe this process to one controller, its own group's first, each with its cgroup version. */
function groupFolders(
  root: string,
  controller: string,
): { readonly dir: string; readonly version2: boolean }[] {
  const folders: { dir: string; version2: boolean }[] = [];
  for (const line of (read(join(root, "proc/self/cgroup")) ?? "").split("\n")) {
    const [, controllers, group] = line.match(/^\d+:([^:]*):(\/.*)$/) ?? [];
    if (controllers === undefined || group === undefined) continue;
    const version2 = controllers === "";
    if (!version2 && !controllers.split(",").includes(controller)) continue;
    const mounts = version2
      ? ["sys/fs/cgroup", "sys/fs/cgroup/unified"]
      : [`sys/fs/cgroup/${controller}`, `sys/fs/cgroup/${controllers}`];
    for (const mount of mounts) {
      // Inside a container the mount shows the group itself at its root, which the walk upwards reaches.
      for (const ancestor of lineage(group)) folders.push({ dir: join(root, mount, ancestor), version2 });
    }
  }
  return folders;
}

function quotaOfVersion2(dir: string): number {
  const [quota, period] = (read(join(dir, "cpu.max")) ?? "max").split(" ");
  return quota === "max" ? Infinity : Number(quota) / Number(period);
}

function quotaOfVersion1(dir: string): number {
  const quota = Number(read(join(dir, "cpu.cfs_quota_us")) ?? -1);
  const period = Number(read(join(dir, "cpu.cfs_period_us")) ?? 0);
  return quota > 0 && period > 0 ? quota / period : Infinity;
}

/**
 * Processors that this process may use on average, as its cgroup (version 1 or 2) says; Infinity without a limit.
 * @param root folder that holds `proc` and `sys`, other than `/` in tests only
 */
export function cgroupCpuQuota(root = "/"): number {
  let least = Infinity;
  for (const { dir, version2 } of groupFolders(root, "cpu")) {
    const quota = version2 ? quotaOfVersion2(dir) : quotaOfVersion1(dir);
    if (quota > 0) least = Math.min(least, quota);
  }
  return least;
}

/** How many processors a kernel's list such as `0-3,8` names; Infinity where there is none. */
function listedCpus(list: string | undefined): number {
  if (!list) return Infinity;
  let count = 0;
  for (const range of list.split(",")) {
    const [first, last = first] = range.split("-").map(Number);
    count += last! - first! + 1;
  }
  return count > 0 ? count : Infinity;
}

/**
 * Processors that this process may run on: its affinity and its cpuset, which Kubernetes' static CPU manager narrows.
 * Node's own `availableParallelism` is the last resort only: from libuv 1.49 on it scales a quota by the group's weight,
 * which is no limit.
 * @param root folder that holds `proc` and `sys`, other than `/` in tests only
 */
export function allowedCpus(root = "/"): number {
  const status = read(join(root, "proc/self/status"));
  let least = listedCpus(status?.match(/^Cpus_allowed_list:\s*(\S+)$/m)?.[1]);
  for (const { dir, version2 } of groupFolders(root, "cpuset")) {
    const files = version2 ? ["cpuset.cpus.effective"] : ["cpuset.effective_cpus", "cpuset.cpus"];
    for (const file of files) least = Math.min(least, listedCpus(read(join(dir, file))));
  }
  return Number.isFinite(least) ? least : availableParallelism();
}

/** Whole processors to compute with, at least one: the cgroup's quota or what it may run on, whichever is less. */
export function usableCpus(quota = cgroupCpuQuota(), allowed = allowedCpus()): number {
  return Math.max(1, Math.floor(Math.min(quota, allowed)));
}
