import { UNKNOWN } from "../../../../policies/testing";
import { iamRoleTrustFederated } from "../../../../policies/rules/iam/iam-role-trust-federated";
import { example } from "../../support/aws-resources";
import { policyDocument } from "../../support/aws-world";
import { describeRule } from "../../support/describe-rule";

const trust = (Principal: unknown, Condition?: object, Action: unknown = "sts:AssumeRole") =>
  example("role", {
    assumeRolePolicy: policyDocument({ Effect: "Allow", Principal, Action, ...(Condition && { Condition }) }),
  });
const WEB = "sts:AssumeRoleWithWebIdentity";
const github = { Federated: "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" };

describeRule(iamRoleTrustFederated, {
  good: {
    "one branch": trust(
      github,
      {
        StringEquals: {
          "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
          "token.actions.githubusercontent.com:sub": "repo:org/app:ref:refs/heads/main",
        },
      },
      WEB,
    ),
    "one service account": trust(
      { Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/1" },
      { StringEquals: { "oidc.eks.eu-central-1.amazonaws.com/id/1:sub": "system:serviceaccount:team:text" } },
      WEB,
    ),
    Cognito: trust(
      { Federated: "cognito-identity.amazonaws.com" },
      { StringEquals: { "cognito-identity.amazonaws.com:aud": "eu-central-1:pool" } },
      WEB,
    ),
    SAML: trust(
      { Federated: "arn:aws:iam::111122223333:saml-provider/idp" },
      { StringEquals: { "SAML:aud": "https://signin.aws.amazon.com/saml" } },
      "sts:AssumeRoleWithSAML",
    ),
  },
  bad: {
    "no condition": trust(github, undefined, WEB),
    "any repository": trust(
      github,
      { StringLike: { "token.actions.githubusercontent.com:sub": "repo:*" } },
      WEB,
    ),
  },
  partial: {
    "the audience only": trust(
      github,
      { StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" } },
      WEB,
    ),
    "any service account": trust(
      { Federated: "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/1" },
      { StringLike: { "oidc.eks.eu-central-1.amazonaws.com/id/1:sub": "system:serviceaccount:*:*" } },
      [WEB],
    ),
  },
  wrongType: {
    "a list of conditions": trust(github, ["token.actions.githubusercontent.com:sub"], WEB),
    "a condition without values": trust(
      github,
      { StringEquals: "token.actions.githubusercontent.com:sub" },
      WEB,
    ),
  },
  unknown: {
    trust: example("role", { assumeRolePolicy: UNKNOWN }),
    condition: example("role", {
      assumeRolePolicy: {
        Statement: [{ Effect: "Allow", Principal: github, Action: WEB, Condition: UNKNOWN }],
      },
    }),
  },
});
