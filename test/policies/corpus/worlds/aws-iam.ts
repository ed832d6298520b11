import type { World } from "../model";
import { allow, aws, document, policyText, TRUST } from "./aws";

const READ = allow(undefined, ["s3:GetObject"], ["arn:aws:s3:::models/*"]);

/** A role with what it may do, in every spelling. */
export const iam = (): World => ({
  resources: {
    role: aws("iam/role:Role", {
      name: "shop",
      assumeRolePolicy: TRUST({ Service: "ec2.amazonaws.com" }),
      maxSessionDuration: 3600,
    }),
    policy: aws("iam/policy:Policy", { name: "read", policy: policyText(READ) }),
    inline: aws("iam/rolePolicy:RolePolicy", { role: "shop", policy: document(READ) }),
    attachment: aws("iam/rolePolicyAttachment:RolePolicyAttachment", {
      role: "shop",
      policyArn: "arn:aws:iam::111122223333:policy/read",
    }),
    group: aws("iam/groupPolicy:GroupPolicy", { group: "team", policy: policyText(READ) }),
  },
});

export const OIDC = "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC";
const ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/ABC";
export const webIdentity = (condition?: Record<string, unknown>): string =>
  policyText({
    Effect: "Allow",
    Principal: { Federated: OIDC },
    Action: "sts:AssumeRoleWithWebIdentity",
    ...(condition && { Condition: condition }),
  });
export const SUBJECT = {
  StringEquals: {
    [`${ISSUER}:sub`]: "system:serviceaccount:team:shop",
    [`${ISSUER}:aud`]: "sts.amazonaws.com",
  },
};
export const ANY_SUBJECT = {
  StringLike: { [`${ISSUER}:sub`]: "system:serviceaccount:*:*" },
  StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com" },
};
export const NO_SUBJECT = { StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com" } };

export const passwords = (): World => ({
  resources: {
    passwords: aws("iam/accountPasswordPolicy:AccountPasswordPolicy", {
      minimumPasswordLength: 14,
      requireLowercaseCharacters: true,
      requireUppercaseCharacters: true,
      requireNumbers: true,
      requireSymbols: true,
      passwordReusePrevention: 24,
      maxPasswordAge: 90,
    }),
  },
});
