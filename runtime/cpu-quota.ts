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
  for (const line of (read(join(root, "proc/self/cgroup")) ?? "").split("\n")) {
    const [, controllers, group] = line.match(/^\d+:([^:]*):(\/.*)$/) ?? [];
    if (controllers === undefined || group === undefined) continue;
    const version2 = controllers === "";
    if (!version2 && !controllers.split(",").includes("cpu")) continue;
    const mounts = version2
      ? ["sys/fs/cgroup", "sys/fs/cgroup/unified"]
      : ["sys/fs/cgroup/cpu", `sys/fs/cgroup/${controllers}`];
    for (const mount of mounts) {
      // Inside a container the mount shows the group itself at its root, which the walk upwards reaches.
      for (const ancestor of lineage(group)) {
        const dir = join(root, mount, ancestor);
        const quota = version2 ? quotaOfVersion2(dir) : quotaOfVersion1(dir);
        if (quota > 0) least = Math.min(least, quota);
      }
    }
  }
  return least;
}

/** Whole processors to compute with, at least one: the cgroup's quota or the CPU affinity, whichever is less. */
export function usableCpus(quota = cgroupCpuQuota(), affinity = availableParallelism()): number {
  return Math.max(1, Math.floor(Math.min(quota, affinity)));
}
