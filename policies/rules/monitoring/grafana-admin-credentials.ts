import { configurationsOf, GRAFANA_TYPES, grafanaContainers, variable } from "../../model/grafana";
import type { ResourceRule } from "../../model/rule";

const SOURCES = ["GF_SECURITY_ADMIN_PASSWORD", "GF_SECURITY_ADMIN_PASSWORD__FILE"];
const WITHOUT = ["GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION", "GF_AUTH_DISABLE_LOGIN_FORM"];

export const grafanaAdminCredentials: ResourceRule = {
  id: "grafana-admin-credentials",
  title: "Grafana does not start with admin and admin",
  severity: "high",
  description: "Where it is given no password, Grafana makes the user admin with the password admin.",
  remediation: 'env: [{ name: "GF_SECURITY_ADMIN_PASSWORD__FILE", value: "/etc/grafana/admin-password" }]',
  types: GRAFANA_TYPES,
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    for (const configuration of configurationsOf(subject)) {
      verdict.judge(subject, () => {
        if (configuration.get("security", "admin_password").string() === "admin") {
          verdict.fail(subject, "must not set `security.admin_password` to admin.");
        }
      });
    }
    for (const container of grafanaContainers(subject)) {
      verdict.judge(subject, () => {
        const given = SOURCES.some((name) => {
          const source = variable(container, name);
          return (
            source !== undefined && (source.get("value").isUnknown || source.get("value").value() !== "admin")
          );
        });
        const none = WITHOUT.some((name) => variable(container, name)?.get("value").string() === "true");
        // A ConfigMap or Secret that is read or mounted as a whole may hold it.
        const mounted = container
          .get("volumeMounts")
          .items()
          .some((mount) => (mount.get("mountPath").string() ?? "").startsWith("/etc/grafana"));
        if (given || none || mounted || container.get("envFrom").items().length > 0) return;
        verdict.fail(subject, "must give Grafana a password of its own: `GF_SECURITY_ADMIN_PASSWORD__FILE`.");
      });
    }
  },
};
