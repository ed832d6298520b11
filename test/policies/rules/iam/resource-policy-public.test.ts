import { UNKNOWN } from "../../../../policies/testing";
import { resourcePolicyPublic } from "../../../../policies/rules/iam/resource-policy-public";
import { policyDocument } from "../../support/aws-world";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const TYPE = "aws:dynamodb/resourcePolicy:ResourcePolicy";
const open = (Principal: unknown, Condition?: object) =>
  policyDocument({ Effect: "Allow", Principal, Action: "*", Resource: "*", ...(Condition && { Condition }) });

describeRule(resourcePolicyPublic, {
  good: {
    role: put("policy", TYPE, {
      resourceArn: "arn:aws:dynamodb:eu-central-1:111122223333:table/t",
      policy: open({ AWS: "arn:aws:iam::111122223333:role/reader" }),
    }),
    "an organisation": put("policy", TYPE, {
      resourceArn: "arn:aws:dynamodb:eu-central-1:111122223333:table/t",
      policy: open("*", { StringEquals: { "aws:PrincipalOrgID": "o-1" } }),
    }),
  },
  bad: {
    everyone: put("policy", TYPE, {
      resourceArn: "arn:aws:dynamodb:eu-central-1:111122223333:table/t",
      policy: open("*"),
    }),
    "a vault's": put("vault", "aws:backup/vaultPolicy:VaultPolicy", { policy: open("*") }),
    "a bus'": put("bus", "aws:cloudwatch/eventBusPolicy:EventBusPolicy", { policy: open("*") }),
  },
  partial: {
    "everyone among others": put("policy", TYPE, {
      resourceArn: "arn:aws:dynamodb:eu-central-1:111122223333:table/t",
      policy: open({ AWS: ["111122223333", "*"] }),
    }),
    "a function of that name in any account": put("bus", "aws:cloudwatch/eventBusPolicy:EventBusPolicy", {
      policy: open("*", { ArnLike: { "aws:SourceArn": "arn:aws:lambda:eu-central-1:*:function:orders" } }),
    }),
  },
  wrongType: {
    "a list of principals": put("vault", "aws:backup/vaultPolicy:VaultPolicy", { policy: open(["*"]) }),
    "a list of conditions": put("vault", "aws:backup/vaultPolicy:VaultPolicy", {
      policy: open("*", ["aws:PrincipalOrgID"]),
    }),
    "one statement, not a list": put("vault", "aws:backup/vaultPolicy:VaultPolicy", {
      policy: { Statement: { Effect: "Allow", Principal: "*", Action: "*", Resource: "*" } },
    }),
  },
  unknown: {
    policy: put("policy", TYPE, {
      resourceArn: "arn:aws:dynamodb:eu-central-1:111122223333:table/t",
      policy: UNKNOWN,
    }),
  },
});
