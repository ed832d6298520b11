import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { SlipwayError } from "../errors";
import { withTask, type Progress } from "../progress";
import { processesInCgroups, removeCgroups } from "./cgroups";
import { removeContainerLeftovers, shimSockets } from "./container-leftovers";
import { restoreHostSettings } from "./host-settings";
import { clusterLayout, type Layout } from "./layout";
import { withClusterLock } from "./lock";
import { readRecords, stopProcess } from "./managed-process";
import { unmountBelow } from "./mounts";
import { processesInNode, removeNetwork } from "./network";
import { otherOwner } from "./owner";
import { identify } from "./process-identity";
import { NETNS } from "./settings";
import { waitFor } from "./wait";

/** How long processes may take to vanish after SIGKILL, in milliseconds. */
const KILL_TIMEOUT_MS = 15_000;
const CGROUP_TIMEOUT_MS = 10_000;
/** A store that is kept gets this long to be closed in order. */
const STORE_GRACE_MS = 10_000;

export interface StopOptions {
  /**
   * Keep certificates, the cluster's store and images, so that the next start finds everything as it was.
   * @default false
   */
  readonly keepData?: boolean;
}

/**
 * Ends the embedded cluster and removes all that it made on this machine: processes, containers, mounts, cgroups,
 * the network namespace with its packet filter rules, folders. Does nothing where none is.
 */
export async function stopCluster(progress: Progress, options: StopOptions = {}): Promise<void> {
  const layout = clusterLayout();
  if (!leavesTraces(layout) || otherOwner(layout)) return;
  if (process.getuid?.() !== 0) {
    throw new SlipwayError("The embedded cluster was started by root: run this as root to end it.");
  }
  await withClusterLock(progress, () =>
    withTask(progress, "Stopping the cluster", async (task) => {
      task.update("processes and containers");
      await endProcesses(layout, options.keepData ?? false);
      task.update("mounts, cgroups and network");
      await removeTraces(layout, options.keepData ?? false);
    }),
  );
}

function leavesTraces(layout: Layout): boolean {
  return [layout.root, layout.run, `/run/netns/${NETNS}`].some((path) => existsSync(path));
}

async function endProcesses(layout: Layout, keepData: boolean): Promise<void> {
  const records = readRecords(layout);
  // Whoever would start containers anew goes first.
  const isFirst = ({ name }: { name: string }) => name === "kubelet" || name === "forwarder";
  await Promise.all(records.filter(isFirst).map((record) => stopProcess(layout, record, 0)));
  if (keepData) {
    const store = records.filter(({ name }) => name === "etcd" || name === "registry");
    await Promise.all(store.map((record) => stopProcess(layout, record, STORE_GRACE_MS)));
  }
  await Promise.all(records.map((record) => stopProcess(layout, record, 0)));
  // Containers, and all that runs in the node's network: shims, and processes whose record was lost.
  const ended = await waitFor(
    async () => {
      const left = [...processesInCgroups(), ...(await processesInNode())].filter((pid) => identify(pid));
      for (const pid of left) kill(pid);
      return left.length === 0;
    },
    KILL_TIMEOUT_MS,
    50,
  );
  if (!ended) {
    throw new SlipwayError(
      `Processes of the cluster did not end within ${KILL_TIMEOUT_MS / 1000} s: ${[...processesInCgroups(), ...(await processesInNode())].join(", ")}.`,
    );
  }
}

async function removeTraces(layout: Layout, keepData: boolean): Promise<void> {
  const sockets = shimSockets(layout);
  await unmountBelow(layout.root, layout.run);
  await waitFor(removedCgroups, CGROUP_TIMEOUT_MS);
  removeCgroups();
  await removeNetwork();
  removeContainerLeftovers(layout, sockets);
  restoreHostSettings(layout);
  rmSync(layout.run, { recursive: true, force: true });
  // Addresses belong to pods, and there are none any more.
  rmSync(join(layout.cni, "addresses"), { recursive: true, force: true });
  if (!keepData) rmSync(layout.root, { recursive: true, force: true });
}

/** The kernel takes a moment to let go of a cgroup whose last process has just ended. */
function removedCgroups(): boolean {
  try {
    removeCgroups();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EBUSY") return false;
    throw error;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended between the look and the signal.
  }
}
