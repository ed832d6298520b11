import { SlipwayError } from "../errors";
import { readClusterRecord } from "./cluster-record";
import type { Layout } from "./layout";
import { readRecord } from "./managed-process";
import { anyFreePort, isPortFree, listenerOn } from "./ports";
import { isRunning } from "./process-identity";
import { PREFERRED_PROMETHEUS_PORT } from "./settings";

/** Loopback ports of this machine through which the cluster is reached. */
export interface LoopbackPorts {
  readonly gateway: number;
  readonly prometheus: number;
}

/** Refuses a gateway port that somebody else has; Prometheus keeps its port, or gets the usual or any free one. */
export async function chooseLoopbackPorts(layout: Layout, gateway: number): Promise<LoopbackPorts> {
  const record = forwarderRuns(layout) ? readClusterRecord(layout) : undefined;
  if (record?.gatewayPort !== gateway && !(await isPortFree(gateway))) throw taken(gateway);
  if (record) return { gateway, prometheus: record.prometheusPort };
  const preferred = readClusterRecord(layout)?.prometheusPort ?? PREFERRED_PROMETHEUS_PORT;
  return { gateway, prometheus: (await isPortFree(preferred)) ? preferred : await anyFreePort() };
}

function taken(port: number): SlipwayError {
  const holder = listenerOn(port);
  return new SlipwayError(
    `Port ${port}, where the gateway would answer, is taken${holder ? ` by ${holder}` : ""}: end that program, ` +
      "or choose another port with --gateway-port.",
  );
}

function forwarderRuns(layout: Layout): boolean {
  const record = readRecord(layout, "forwarder");
  return record !== undefined && isRunning(record);
}
