import { SlipwayError } from "../errors";
import { readClusterRecord } from "./cluster-record";
import type { Layout } from "./layout";
import { readRecord } from "./managed-process";
import type { MonitoringCredentials } from "./monitoring-credentials";
import { anyFreePort, isPortFree, listenerOn } from "./ports";
import { isRunning } from "./process-identity";
import {
  ALERTMANAGER_NODE_PORT,
  GATEWAY_NODE_PORT,
  NODE_IP,
  PREFERRED_ALERTMANAGER_PORT,
  PREFERRED_PROMETHEUS_PORT,
  PROMETHEUS_NODE_PORT,
} from "./settings";

/** Loopback ports of this machine through which the cluster is reached. */
export interface LoopbackPorts {
  readonly gateway: number;
  readonly prometheus: number;
  readonly alertmanager: number;
}

/** A loopback port, and what it leads to. */
export interface Forwarding {
  readonly port: number;
  readonly host: string;
  readonly nodePort: number;
  /** What HTTP requests must carry; bytes of any kind pass where it is left out. */
  readonly credentials?: MonitoringCredentials;
}

/** The gateway asks for tokens itself; Prometheus and Alertmanager ask for nothing, so that the way to them does. */
export function forwardingsOf(ports: LoopbackPorts, credentials: MonitoringCredentials): Forwarding[] {
  const host = NODE_IP;
  return [
    { port: ports.gateway, host, nodePort: GATEWAY_NODE_PORT },
    { port: ports.prometheus, host, nodePort: PROMETHEUS_NODE_PORT, credentials },
    { port: ports.alertmanager, host, nodePort: ALERTMANAGER_NODE_PORT, credentials },
  ];
}

/** Refuses a gateway port that somebody else has; the others keep their ports, or get the usual or any free ones. */
export async function chooseLoopbackPorts(layout: Layout, gateway: number): Promise<LoopbackPorts> {
  const known = readClusterRecord(layout);
  const record = forwarderRuns(layout) ? known : undefined;
  if (record?.gatewayPort !== gateway && !(await isPortFree(gateway))) throw taken(gateway);
  return {
    gateway,
    prometheus:
      record?.prometheusPort ?? (await freePort(known?.prometheusPort ?? PREFERRED_PROMETHEUS_PORT)),
    alertmanager:
      record?.alertmanagerPort ?? (await freePort(known?.alertmanagerPort ?? PREFERRED_ALERTMANAGER_PORT)),
  };
}

const freePort = async (preferred: number): Promise<number> =>
  (await isPortFree(preferred)) ? preferred : anyFreePort();

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
