import { podSecurity } from "../../model/controls";
import { containerRule } from "../../model/pods";
import type { Field } from "../../model/field";

const HANDLERS = [
  ["livenessProbe"],
  ["readinessProbe"],
  ["startupProbe"],
  ["lifecycle", "postStart"],
  ["lifecycle", "preStop"],
];

function namesHost(handler: Field): boolean {
  return ["httpGet", "tcpSocket"].some((way) => {
    const host = handler.get(way, "host");
    return host.exists() && host.string() !== "";
  });
}

export const containerHostProbes = containerRule(
  {
    id: "container-host-probes",
    title: "Probes and lifecycle hooks name no host",
    severity: "medium",
    description:
      "A probe with a host makes the kubelet call that host from the node: requests forged on the server side.",
    remediation: 'readinessProbe: { httpGet: { path: "/v2/health/ready", port: 8000 } } // without host',
    controls: [podSecurity("baseline", "Host Probes / Lifecycle Hooks (v1.34+)")],
  },
  (container) => {
    const named = HANDLERS.filter((path) => namesHost(container.get(...path))).map((path) => path.join("."));
    return named.length === 0 ? undefined : `must not name a host in ${named.join(", ")}.`;
  },
);
