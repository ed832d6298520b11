import type { Field } from "../../model/field";
import { inputRule } from "../../model/input-rule";

/** Where each kind has the workflow's spec. @throws UnknownRead */
function specOf(type: string, fields: Field): Field {
  return type.endsWith(":CronWorkflow") ? fields.get("spec", "workflowSpec") : fields.get("spec");
}

export const workflowServiceAccount = inputRule(
  {
    id: "workflow-service-account",
    title: "Argo's workflows run under an account of their own",
    severity: "medium",
    description:
      "What the namespace's default account is given for one workflow every pod has that names no account, and the other way round.",
    remediation: "spec: { serviceAccountName: account.metadata.name, … }",
    types: ["Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow"].map(
      (kind) => `kubernetes:argoproj.io/*:${kind}`,
    ),
    controls: [],
  },
  (fields, { type }) => {
    const spec = specOf(type, fields);
    // What only refers to a template takes its account.
    if (spec.get("workflowTemplateRef").exists()) return undefined;
    return ["", "default"].includes(spec.get("serviceAccountName").string() ?? "")
      ? "must name a `serviceAccountName` of its own."
      : undefined;
  },
);
