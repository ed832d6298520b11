import { SlipwayError } from "../errors";
import type { Task } from "../progress";
import { assertRunning, logPath, logTail } from "./managed-process";
import type { ClusterContext } from "./processes/component";
import { NODE_NAME } from "./settings";
import { waitFor } from "./wait";

const NODE_TIMEOUT_MS = 90_000;

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message?: string;
  readonly lastHeartbeatTime?: string;
}

/** Waits until kubelet has reported the node ready: what an earlier kubelet reported before `since` does not count. */
export async function waitForNode({ api, layout }: ClusterContext, since: Date, task: Task): Promise<void> {
  let reason = "the node has not registered";
  const ready = await waitFor(
    async () => {
      for (const name of [
        "containerd",
        "kubelet",
        "kube-controller-manager",
        "kube-scheduler",
        "kube-proxy",
      ]) {
        assertRunning(layout, name);
      }
      const node = await api.get<{ status?: { conditions?: Condition[] } }>(`/api/v1/nodes/${NODE_NAME}`);
      const condition = node?.status?.conditions?.find(({ type }) => type === "Ready");
      if (condition?.status === "True" && isRecent(condition, since)) return true;
      if (condition?.message) reason = condition.message;
      task.update(reason);
      return false;
    },
    NODE_TIMEOUT_MS,
    250,
  );
  if (ready) return;
  throw new SlipwayError(
    `The node was not ready within ${NODE_TIMEOUT_MS / 1000} s (${reason}); kubelet's log ${logPath(layout, "kubelet")} ends with: ${logTail(layout, "kubelet")}`,
  );
}

/** Heartbeats are given in whole seconds. */
function isRecent({ lastHeartbeatTime }: Condition, since: Date): boolean {
  return lastHeartbeatTime !== undefined && Date.parse(lastHeartbeatTime) + 1000 > since.getTime();
}
