import { UNKNOWN } from "../../../../policies/testing";
import { workloadDefaultNamespace } from "../../../../policies/rules/access/workload-default-namespace";
import { describeRule } from "../../support/describe-rule";
import { put, set } from "../../support/edits";
import { podTemplate } from "../../support/world";

const jobTemplate = podTemplate();
const denyDefault = put("denyDefault", "kubernetes:networking.k8s.io/v1:NetworkPolicy", {
  metadata: { name: "deny", namespace: "default" },
  spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
});

describeRule(workloadDefaultNamespace, {
  good: {
    "a namespace of its own": put("pod", "kubernetes:core/v1:PodTemplate", {
      metadata: { name: "pod", namespace: "team" },
      template: jobTemplate,
    }),
  },
  bad: {
    default: [
      denyDefault,
      put("pod", "kubernetes:core/v1:Pod", {
        metadata: { name: "pod", namespace: "default", labels: { app: "text" } },
        spec: jobTemplate.spec,
      }),
    ],
  },
  partial: {
    "a workload of two": [
      denyDefault,
      put("pod", "kubernetes:batch/v1:CronJob", {
        metadata: { name: "pod", namespace: "default" },
        spec: {
          concurrencyPolicy: "Forbid",
          startingDeadlineSeconds: 60,
          jobTemplate: { spec: { template: jobTemplate } },
        },
      }),
    ],
  },
  notJudged: { number: set("deployment", "metadata.namespace", 3) },
  unknown: { namespace: set("deployment", "metadata.namespace", UNKNOWN) },
});
