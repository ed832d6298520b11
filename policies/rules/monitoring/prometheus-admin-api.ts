import type { ResourceRule } from "../../model/rule";

export const prometheusAdminApi: ResourceRule = {
  id: "prometheus-admin-api",
  title: "Prometheus' admin API is off",
  severity: "high",
  description:
    "It deletes series and makes snapshots for everyone who reaches the port; Prometheus has no authentication of its own.",
  remediation: "spec: { enableAdminAPI: false } // or leave it out",
  types: ["kubernetes:monitoring.coreos.com/*:Prometheus"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    if (!subject.fields.get("spec", "enableAdminAPI").isOff())
      verdict.fail(subject, "must not enable the admin API.");
  },
};
