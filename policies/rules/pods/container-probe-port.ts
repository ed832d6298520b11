import type { Field } from "../../model/field";
import { containerRule } from "../../model/pods";

const PROBES = ["readinessProbe", "livenessProbe", "startupProbe"];

/** The port of a probe by its name, if it is named. @throws UnknownRead */
function namedPort(probe: Field): string | undefined {
  return ["httpGet", "tcpSocket"]
    .map((kind) => probe.get(kind, "port").string())
    .find((port) => port !== undefined);
}

export const containerProbePort = containerRule(
  {
    id: "container-probe-port",
    title: "Probes ask a port that the container has",
    severity: "medium",
    description:
      "A probe of a name that none of the container's ports has fails each time: the pod never gets traffic, or is ended again and again.",
    remediation:
      'ports: [{ name: "http", containerPort: 8000 }], readinessProbe: { httpGet: { path: "/v2/health/ready", port: "http" } }',
  },
  (container) => {
    const asked = PROBES.map((probe) => [probe, namedPort(container.get(probe))] as const).filter(
      ([, port]) => port !== undefined && !/^\d+$/.test(port),
    );
    if (asked.length === 0) return undefined;
    const names = container
      .get("ports")
      .items()
      .map((port) => port.get("name").string());
    const [wrong] = asked.filter(([, port]) => !names.includes(port));
    return wrong && `must have a port named \`${wrong[1]}\`, which its \`${wrong[0]}\` asks.`;
  },
);
