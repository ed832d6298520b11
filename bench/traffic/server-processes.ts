import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
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

/** Keeps processes with all their threads on these CPUs, e.g. "0" or "0,1". */
export function pin(pids: readonly number[], cpus: string): void {
  // Some have ended meanwhile.
  for (const pid of pids) spawnSync("taskset", ["-acp", cpus, String(pid)], { stdio: "ignore" });
}
