import { UNKNOWN } from "../../../../policies/testing";
import { serviceExternalIps } from "../../../../policies/rules/network/service-external-ips";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

describeRule(serviceExternalIps, {
  good: { none: set("service", "spec.externalIPs", []) },
  bad: { claimed: set("service", "spec.externalIPs", ["203.0.113.7"]) },
  partial: {
    "beside a cluster address": set("service", "spec", {
      type: "ClusterIP",
      clusterIP: "10.0.0.7",
      externalIPs: ["203.0.113.7"],
    }),
  },
  wrongType: { numbers: set("service", "spec.externalIPs", [7]) },
  unknown: { addresses: set("service", "spec.externalIPs", UNKNOWN) },
});
