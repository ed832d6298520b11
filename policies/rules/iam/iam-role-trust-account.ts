import { conditionsOf, principalsOf } from "../../model/iam-statements";
import { trustRule } from "../../model/iam-policies";

const ACCOUNT = /^\d{12}$|^arn:[^:]*:iam::\d{12}:root$/;

export const iamRoleTrustAccount = trustRule(
  {
    id: "iam-role-trust-account",
    title: "Roles are not for a whole account to take",
    severity: "low",
    description:
      "Whoever in that account may assume roles can take this one; an external ID or a role's ARN says who is meant.",
    remediation:
      'Principal: { AWS: partnerRoleArn }, Condition: { StringEquals: { "sts:ExternalId": externalId } }',
    controls: [],
  },
  (statement) => {
    const account = principalsOf(statement).find(({ kind, name }) => kind === "AWS" && ACCOUNT.test(name));
    return account === undefined || conditionsOf(statement).length > 0
      ? undefined
      : `must name a role rather than the account \`${account.name}\`, or add a condition.`;
  },
);
