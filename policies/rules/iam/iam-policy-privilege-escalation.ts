import { awsControls } from "../../model/aws-controls";
import { coveredBy, grantRule, isForAnyIdentity, isNarrowed } from "../../model/iam-policies";

/** Each of these alone turns its holder into someone else, or gives him what he lacks. */
const ESCALATING = [
  "iam:CreatePolicyVersion",
  "iam:SetDefaultPolicyVersion",
  "iam:CreateAccessKey",
  "iam:CreateLoginProfile",
  "iam:UpdateLoginProfile",
  "iam:AttachUserPolicy",
  "iam:AttachGroupPolicy",
  "iam:AttachRolePolicy",
  "iam:PutUserPolicy",
  "iam:PutGroupPolicy",
  "iam:PutRolePolicy",
  "iam:AddUserToGroup",
  "iam:UpdateAssumeRolePolicy",
  "iam:DeleteRolePermissionsBoundary",
  "iam:DeleteUserPermissionsBoundary",
  "iam:PutRolePermissionsBoundary",
  "iam:PutUserPermissionsBoundary",
];
const lowerCase = ESCALATING.map((action) => action.toLowerCase());

export const iamPolicyPrivilegeEscalation = grantRule(
  {
    id: "iam-policy-privilege-escalation",
    title: "No policy lets its holder raise his own privileges",
    severity: "critical",
    description:
      "Who may attach policies, change trust or make keys for any identity is an administrator who has not yet done so.",
    remediation:
      '// Name the identities, or a boundary:\nCondition: { StringEquals: { "iam:PermissionsBoundary": boundary.arn } }',
    controls: awsControls("iam_inline_policy_allows_privilege_escalation"),
  },
  (grant) => {
    const action = coveredBy(grant, lowerCase);
    if (action === undefined || !isForAnyIdentity(grant) || isNarrowed(grant)) return undefined;
    return `must not allow \`${ESCALATING[lowerCase.indexOf(action)]}\` on any identity.`;
  },
);
