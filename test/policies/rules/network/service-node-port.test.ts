import { UNKNOWN } from "../../../../policies/testing";
import { serviceNodePort } from "../../../../policies/rules/network/service-node-port";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

describeRule(serviceNodePort, {
  good: { "inside the cluster": set("service", "spec.type", "ClusterIP") },
  bad: { "node port": set("service", "spec.type", "NodePort") },
  partial: {
    "with fixed port": set("service", "spec", { type: "NodePort", ports: [{ port: 443, nodePort: 30443 }] }),
  },
  notJudged: { number: set("service", "spec.type", 4) },
  unknown: { type: set("service", "spec.type", UNKNOWN) },
});
