import { UNKNOWN } from "../../../../policies/testing";
import { serviceExternalName } from "../../../../policies/rules/network/service-external-name";
import { describeRule } from "../../support/describe-rule";
import { put, set } from "../../support/edits";

const service = (spec: Record<string, unknown>) =>
  put("alias", "kubernetes:core/v1:Service", { metadata: { name: "alias", namespace: "team" }, spec });

describeRule(serviceExternalName, {
  good: { "of pods": service({ type: "ClusterIP", selector: { app: "text" } }) },
  bad: { alias: service({ type: "ExternalName", externalName: "metadata.example" }) },
  partial: { "without a name": service({ type: "ExternalName" }) },
  notJudged: { number: set("service", "spec.type", 1) },
  unknown: { type: service({ type: UNKNOWN, externalName: "metadata.example" }) },
});
