import { containerRule, LONG_RUNNING_TYPES } from "../../model/pods";

export const containerReadinessProbe = containerRule(
  {
    id: "container-readiness-probe",
    title: "Containers that run on have a readiness probe",
    severity: "medium",
    description:
      "Without one a pod receives requests before its models are loaded, and a rolling update cannot tell good from bad.",
    remediation: 'readinessProbe: { httpGet: { path: "/v2/health/ready", port: 8000 } }',
    types: LONG_RUNNING_TYPES,
  },
  (container) => (container.get("readinessProbe").exists() ? undefined : "must have a `readinessProbe`."),
  (pod) => pod.get("containers").items(),
);
