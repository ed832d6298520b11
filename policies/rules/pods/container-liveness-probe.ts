import { containerRule, LONG_RUNNING_TYPES } from "../../model/pods";

export const containerLivenessProbe = containerRule(
  {
    id: "container-liveness-probe",
    title: "Containers that run on have a liveness probe",
    severity: "low",
    description: "Without one a process that hangs is never restarted.",
    remediation: 'livenessProbe: { httpGet: { path: "/v2/health/live", port: 8000 } }',
    types: LONG_RUNNING_TYPES,
  },
  (container) => (container.get("livenessProbe").exists() ? undefined : "must have a `livenessProbe`."),
  (pod) => pod.get("containers").items(),
);
