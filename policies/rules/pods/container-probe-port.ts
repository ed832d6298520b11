import { containerRule } from "../../model/pods";
import { askedPorts } from "../../model/probes";

export const containerProbePort = containerRule(
  {
    id: "container-probe-port",
    title: "Probes ask a port that the container has",
    severity: "medium",
    description:
      "A probe or a hook of a name that none of the container's ports has fails each time: the pod never gets traffic, or is ended again and again.",
    remediation:
      'ports: [{ name: "http", containerPort: 8000 }], readinessProbe: { httpGet: { path: "/v2/health/ready", port: "http" } }',
  },
  (container) => {
    const asked = askedPorts(container).filter(({ port }) => typeof port === "string");
    if (asked.length === 0) return undefined;
    const names = container
      .get("ports")
      .items()
      .map((port) => port.get("name").string());
    const wrong = asked.find(({ port }) => !names.includes(`${port}`));
    return wrong && `must have a port named \`${wrong.port}\`, which its \`${wrong.asker}\` asks.`;
  },
);
