import { workflowServiceAccount } from "../../../../policies/rules/access/workflow-service-account";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const workflow = (spec: Record<string, unknown>, kind = "Workflow") =>
  put("workflow", `kubernetes:argoproj.io/v1alpha1:${kind}`, {
    metadata: { name: "train", namespace: "team" },
    spec: kind === "CronWorkflow" ? { workflowSpec: spec } : spec,
  });

describeRule(workflowServiceAccount, {
  good: {
    "its own": workflow({ serviceAccountName: "text" }),
    "that of a template": workflow({ workflowTemplateRef: { name: "train" } }),
  },
  bad: {
    default: workflow({ serviceAccountName: "default" }),
    "by schedule": workflow({}, "CronWorkflow"),
  },
  partial: { "an empty name": workflow({ serviceAccountName: "", automountServiceAccountToken: false }) },
  wrongType: { "a number": workflow({ serviceAccountName: 1 }) },
  unknown: { name: workflow({ serviceAccountName: UNKNOWN }) },
});
