import { inputRule } from "../../model/input-rule";

export const iamUserAccessKey = inputRule(
  {
    id: "iam-user-access-key",
    title: "No long-lived access keys are made",
    severity: "medium",
    description:
      "An access key never expires and its secret lies in the stack's state; most leaked credentials are such keys.",
    remediation:
      "// Pod Identity in the cluster, OIDC in pipelines, IAM Identity Center for people:\nnew aws.eks.PodIdentityAssociation(name, { clusterName, namespace, serviceAccount, roleArn: role.arn })",
    types: ["aws:iam/accessKey:AccessKey"],
    controls: [],
  },
  (fields) =>
    fields.get("status").value() === "Inactive"
      ? undefined
      : "must not be: let whoever needs it take a role.",
);
