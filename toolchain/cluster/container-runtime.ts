import { Client, credentials } from "@grpc/grpc-js";
import { SlipwayError } from "../errors";
import { assertRunning, ensureProcess, logPath, logTail } from "./managed-process";
import type { ClusterContext } from "./processes/component";
import { containerd } from "./processes/containerd";
import { waitFor } from "./wait";

const CONTAINERD_TIMEOUT_MS = 30_000;
const CALL_TIMEOUT_MS = 2_000;

/**
 * Brings up containerd and waits until it serves the Container Runtime Interface: kubelet asks for its version once
 * and ends when it gets none.
 */
export async function ensureContainerd(context: ClusterContext): Promise<void> {
  const { layout } = context;
  await ensureProcess(layout, containerd(context));
  let refusal = "";
  const ready = await waitFor(async () => {
    refusal = await refusalOf(layout.containerdSocket);
    if (refusal === "") return true;
    assertRunning(layout, "containerd");
    return false;
  }, CONTAINERD_TIMEOUT_MS);
  if (ready) return;
  throw new SlipwayError(
    `containerd did not answer within ${CONTAINERD_TIMEOUT_MS / 1000} s (${refusal}); its log ${logPath(layout, "containerd")} ends with: ${logTail(layout, "containerd")}`,
  );
}

/**
 * Why nobody can work with the container runtime behind a socket yet; empty where it serves. Neither the socket's file
 * nor a connection says so: the file outlives a containerd that was killed, and a containerd that takes up the
 * containers of its predecessor takes connections and answers "server is not initialized yet".
 */
export async function refusalOf(socketPath: string): Promise<string> {
  const client = new Client(`unix://${socketPath}`, credentials.createInsecure(), {
    // A socket that refused an earlier client is tried at once, and not after that client's pause.
    "grpc.use_local_subchannel_pool": 1,
  });
  try {
    return await new Promise((resolve) => {
      client.makeUnaryRequest(
        "/runtime.v1.RuntimeService/Version",
        (message: Buffer) => message,
        (bytes: Buffer) => bytes,
        Buffer.alloc(0), // a VersionRequest whose only field has its default
        { deadline: Date.now() + CALL_TIMEOUT_MS },
        (error) => resolve(error === null ? "" : error.details),
      );
    });
  } finally {
    client.close();
  }
}
