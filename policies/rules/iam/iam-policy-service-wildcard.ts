import { awsFoundational } from "../../model/controls";
import { grantRule, isEverything, isForAnyResource } from "../../model/iam-policies";

export const iamPolicyServiceWildcard = grantRule(
  {
    id: "iam-policy-service-wildcard",
    title: "Policies name the actions of a service",
    severity: "low",
    description:
      "`s3:*` also deletes, shares and makes public, and tomorrow does what AWS will have added by then.",
    remediation: 'Action: ["s3:GetObject", "s3:ListBucket"]',
    controls: [
      awsFoundational(
        "IAM.21",
        "IAM customer managed policies that you create should not allow wildcard actions for services",
      ),
    ],
  },
  (grant) => {
    const wide = grant.actions.find(
      (action) => /^[\w-]+:\*+$/.test(action) || (isEverything(action) && !isForAnyResource(grant)),
    );
    return wide === undefined ? undefined : `must not allow \`${wide}\`: name the actions.`;
  },
);
