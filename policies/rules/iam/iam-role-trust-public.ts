import { isOpenToEveryone } from "../../model/iam-statements";
import { trustRule } from "../../model/iam-policies";

export const iamRoleTrustPublic = trustRule(
  {
    id: "iam-role-trust-public",
    title: "Roles say who may take them",
    severity: "critical",
    waivable: false,
    description:
      "With the principal `*` and no condition that narrows it, any AWS account in the world can take the role.",
    remediation:
      'Principal: { Service: "pods.eks.amazonaws.com" }, Action: ["sts:AssumeRole", "sts:TagSession"]',
    controls: [],
  },
  (statement) =>
    isOpenToEveryone(statement)
      ? "must not be for everyone to take: name a service, a role or an organisation."
      : undefined,
);
