import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { clients } from "./disturbances";

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // it has ended meanwhile
  }
}

/** Process numbers of what runs in pods with this label, on this machine's embedded node, by a part of their command line. */
export async function podProcesses(
  namespace: string,
  labelSelector: string,
  command: string,
): Promise<number[]> {
  const { core } = await clients();
  const { items: all } = await core.listNamespacedPod({ namespace, labelSelector });
  // Pods that are on their way out, or still fetch their models, run something that ends in the middle of a measurement.
  const items = all.filter(
    ({ metadata, status }) =>
      metadata!.deletionTimestamp === undefined &&
      status?.conditions?.some((condition) => condition.type === "Ready" && condition.status === "True"),
  );
  // The name of a pod's cgroup has its UID, with underscores where systemd made it.
  const uids = items.flatMap(({ metadata }) => [metadata!.uid!, metadata!.uid!.replaceAll("-", "_")]);
  return readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => uids.some((uid) => textOf(`/proc/${pid}/cgroup`).includes(uid)))
    .filter((pid) => textOf(`/proc/${pid}/cmdline`).replaceAll("\0", " ").includes(command))
    .map(Number);
}

/** CPU time that processes have used so far with all their threads, in microseconds. */
export function cpuMicroseconds(pids: readonly number[]): number {
  const nanoseconds = pids.flatMap((pid) =>
    readdirSync(`/proc/${pid}/task`).map((thread) =>
      Number(textOf(`/proc/${pid}/task/${thread}/schedstat`).split(" ")[0]),
    ),
  );
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1_000;
}

/** Every process of this machine. */
export const allProcesses = (): number[] =>
  readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number);

/** Keeps processes with all their threads on these CPUs, e.g. "0" or "0,1". */
export function pin(pids: readonly number[], cpus: string): void {
  // Some have ended meanwhile, and the kernel's own stay where they are.
  for (const pid of pids) spawnSync("taskset", ["-acp", cpus, String(pid)], { stdio: "ignore" });
}

/** Where version 1 of cgroups weighs processors out. */
const WEIGHED = "/sys/fs/cgroup/cpu";

/**
 * Lets processes with all their threads run before all others on their CPUs, as if these were theirs.
 * @returns what ends it.
 */
export function putFirst(pids: readonly number[]): () => void {
  const former = pids.map((pid) => /:cpu(?:,cpuacct)?:(\/.*)/.exec(textOf(`/proc/${pid}/cgroup`))?.[1]);
  const schedule = (pid: number, ...policy: string[]) =>
    spawnSync("chrt", ["--all-tasks", ...policy, String(pid)], { stdio: "ignore" }).status === 0;
  const back = () => {
    pids.forEach((pid, i) => {
      schedule(pid, "--other", "--pid", "0");
      move(pid, former[i]);
    });
  };
  for (const pid of pids) {
    // Nothing in a pod's group may go before others.
    move(pid, "/");
    if (schedule(pid, "--rr", "--pid", "1")) continue;
    back();
    throw new Error(`process ${pid} cannot be put first: it takes \`chrt\` and the rights of root`);
  }
  return back;
}

function move(pid: number, group: string | undefined): void {
  if (group === undefined || !existsSync(WEIGHED)) return;
  try {
    writeFileSync(join(WEIGHED, group, "cgroup.procs"), String(pid));
  } catch {
    // It has ended, or its group has.
  }
}
