import type { Field } from "../../model/field";
import { configurationsOf, GRAFANA_TYPES, grafanaContainers, variable } from "../../model/grafana";
import type { ResourceRule } from "../../model/rule";
import { asText } from "../../model/scalars";

const isOn = (value: Field | undefined): boolean =>
  value !== undefined && asText(value).toLowerCase() === "true";

export const grafanaAnonymousAccess: ResourceRule = {
  id: "grafana-anonymous-access",
  title: "Grafana asks who is there",
  severity: "high",
  description:
    "With anonymous access every dashboard and, through its data sources, every metric is open to whoever reaches the port.",
  remediation: '"grafana.ini": { "auth.anonymous": { enabled: false } } // or leave it out',
  types: GRAFANA_TYPES,
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    for (const configuration of configurationsOf(subject)) {
      verdict.judge(subject, () => {
        if (isOn(configuration.get("auth.anonymous", "enabled"))) {
          verdict.fail(subject, "must not enable `auth.anonymous`.");
        }
      });
    }
    for (const container of grafanaContainers(subject)) {
      verdict.judge(subject, () => {
        if (isOn(variable(container, "GF_AUTH_ANONYMOUS_ENABLED")?.get("value"))) {
          verdict.fail(subject, "must not set `GF_AUTH_ANONYMOUS_ENABLED`.");
        }
      });
    }
  },
};
