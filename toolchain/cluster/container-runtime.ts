import { connect } from "node:net";
import { SlipwayError } from "../errors";
import { assertRunning, ensureProcess, logPath, logTail } from "./managed-process";
import type { ClusterContext } from "./processes/component";
import { containerd } from "./processes/containerd";
import { waitFor } from "./wait";

const CONTAINERD_TIMEOUT_MS = 30_000;

/** Brings up containerd and waits until it takes connections: kubelet ends when it finds nobody there. */
export async function ensureContainerd(context: ClusterContext): Promise<void> {
  const { layout } = context;
  await ensureProcess(layout, containerd(context));
  const ready = await waitFor(async () => {
    // The socket's file outlives a containerd that was killed.
    if (await accepts(layout.containerdSocket)) return true;
    assertRunning(layout, "containerd");
    return false;
  }, CONTAINERD_TIMEOUT_MS);
  if (ready) return;
  throw new SlipwayError(
    `containerd did not answer within ${CONTAINERD_TIMEOUT_MS / 1000} s; its log ${logPath(layout, "containerd")} ends with: ${logTail(layout, "containerd")}`,
  );
}

function accepts(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
