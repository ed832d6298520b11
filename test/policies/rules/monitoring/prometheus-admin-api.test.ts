import { UNKNOWN } from "../../../../policies/testing";
import { prometheusAdminApi } from "../../../../policies/rules/monitoring/prometheus-admin-api";
import { describeRule } from "../../support/describe-rule";
import { put, set } from "../../support/edits";

describeRule(prometheusAdminApi, {
  good: { off: set("prometheus", "spec.enableAdminAPI", false) },
  bad: { on: set("prometheus", "spec.enableAdminAPI", true) },
  partial: {
    "on in a second one": put("second", "kubernetes:monitoring.coreos.com/v1:Prometheus", {
      metadata: { name: "b", namespace: "team" },
      spec: { enableAdminAPI: true },
    }),
  },
  wrongType: { text: set("prometheus", "spec.enableAdminAPI", "true") },
  unknown: { switch: set("prometheus", "spec.enableAdminAPI", UNKNOWN) },
});
