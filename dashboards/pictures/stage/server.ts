import { join } from "node:path";
import { READY_PATH } from "../../../runtime/contract";
import { projectRoot } from "../../../toolchain/paths";
import { startChild, type RunningChild } from "./child";
import { freePort } from "./free-port";

/** `slipway serve`, in a process of its own as in a pod. */
export interface RunningServer extends RunningChild {
  readonly address: string;
  readonly metricsPort: number;
}

/** @param options flags without their dashes */
export async function startServer(options: Readonly<Record<string, string>>): Promise<RunningServer> {
  const [http, grpc, metricsPort] = await Promise.all([freePort(), freePort(), freePort()]);
  const flags = {
    host: "127.0.0.1",
    "http-port": String(http),
    "grpc-port": String(grpc),
    "metrics-port": String(metricsPort),
    "log-level": "error",
    "drain-delay": "0",
    ...options,
  };
  const address = `http://127.0.0.1:${http}`;
  const args = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value]);
  const command = [process.execPath, join(projectRoot, "cli/bin.js"), "serve", ...args];
  return { address, metricsPort, ...(await startChild("slipway serve", command, `${address}${READY_PATH}`)) };
}
