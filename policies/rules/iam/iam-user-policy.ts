import { awsControls } from "../../model/aws-controls";
import { awsFoundational } from "../../model/controls";
import { inputRule } from "../../model/input-rule";
import { oneOrMany } from "../../model/one-or-many";

export const iamUserPolicy = inputRule(
  {
    id: "iam-user-policy",
    title: "Users get permissions through groups or roles",
    severity: "low",
    description:
      "What hangs on one user is seen by nobody who looks at groups and roles, and stays when the job changes.",
    remediation: "new aws.iam.GroupPolicyAttachment(name, { group, policyArn }), or a role to take",
    types: [
      "aws:iam/userPolicy:UserPolicy",
      "aws:iam/userPolicyAttachment:UserPolicyAttachment",
      "aws:iam/policyAttachment:PolicyAttachment",
    ],
    controls: [
      ...awsControls("iam_policy_attached_only_to_group_or_roles"),
      awsFoundational("IAM.2", "IAM users should not have IAM policies attached"),
    ],
  },
  (fields, { type }) => {
    const users = type.endsWith(":PolicyAttachment") ? oneOrMany(fields.get("users")) : [fields.get("user")];
    return users.some((user) => user.exists()) ? "must not give permissions to a user itself." : undefined;
  },
);
