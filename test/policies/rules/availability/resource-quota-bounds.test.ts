import { resourceQuotaBounds } from "../../../../policies/rules/availability/resource-quota-bounds";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const quota = (spec: Record<string, unknown>) =>
  put("quota", "kubernetes:core/v1:ResourceQuota", { metadata: { name: "all", namespace: "team" }, spec });
const ALL = { "requests.cpu": "8", "requests.memory": "8Gi", "limits.memory": "8Gi" };

describeRule(resourceQuotaBounds, {
  good: {
    all: quota({ hard: ALL }),
    "in short": quota({ hard: { cpu: "8", memory: "8Gi", "limits.memory": "8Gi" } }),
    "a part of the pods": quota({ hard: { pods: "1" }, scopes: ["BestEffort"] }),
  },
  bad: { objects: quota({ hard: { pods: "10" } }) },
  partial: { "no limits": quota({ hard: { cpu: "8", memory: "8Gi" } }) },
  wrongType: { "a list": quota({ hard: ["cpu", "memory", "limits.memory"] }), text: quota({ hard: "cpu" }) },
  unknown: { hard: quota({ hard: UNKNOWN }) },
});
