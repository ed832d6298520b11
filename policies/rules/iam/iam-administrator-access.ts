import { awsControls } from "../../model/aws-controls";
import { eachRule } from "../../model/input-rule";
import { oneOrMany } from "../../model/one-or-many";

/** AWS' own policies with which their holder can do anything, or can give himself that. */
const ADMINISTRATION = /:iam::aws:policy\/(?:AdministratorAccess|IAMFullAccess|PowerUserAccess)$/;

export const iamAdministratorAccess = eachRule(
  {
    id: "iam-administrator-access",
    title: "Nobody gets AWS' administrator policies",
    severity: "critical",
    description:
      "`AdministratorAccess` allows everything; `PowerUserAccess` everything but IAM; `IAMFullAccess` to grant oneself the rest.",
    remediation:
      "new aws.iam.RolePolicy(name, { role, policy: /* the actions and resources that it needs */ })",
    types: [
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      "aws:iam/userPolicyAttachment:UserPolicyAttachment",
      "aws:iam/groupPolicyAttachment:GroupPolicyAttachment",
      "aws:iam/policyAttachment:PolicyAttachment",
      "aws:iam/role:Role",
      "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
      "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive",
      "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive",
      "aws:ssoadmin/managedPolicyAttachment:ManagedPolicyAttachment",
    ],
    controls: awsControls("iam_aws_attached_policy_no_administrative_privileges"),
  },
  (fields) => [
    fields.get("policyArn"),
    fields.get("managedPolicyArn"),
    ...oneOrMany(fields.get("managedPolicyArns")),
    ...oneOrMany(fields.get("policyArns")),
  ],
  (arn) => {
    const [name] =
      ADMINISTRATION.exec(arn.string() ?? "")?.[0]
        .split("/")
        .slice(-1) ?? [];
    return name && `must not attach \`${name}\`.`;
  },
);
