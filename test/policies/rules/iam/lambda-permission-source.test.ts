import { UNKNOWN } from "../../../../policies/testing";
import { lambdaPermissionSource } from "../../../../policies/rules/iam/lambda-permission-source";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const PERMISSION = "aws:lambda/permission:Permission";

describeRule(lambdaPermissionSource, {
  good: {
    "one rule": put("permission", PERMISSION, {
      principal: "events.amazonaws.com",
      sourceArn: "arn:aws:events:eu-central-1:111122223333:rule/r",
    }),
    "one account": put("permission", PERMISSION, {
      principal: "s3.amazonaws.com",
      sourceAccount: "111122223333",
    }),
    "one bucket, of which there is one in the world": put("permission", PERMISSION, {
      principal: "s3.amazonaws.com",
      sourceArn: "arn:aws:s3:::models",
    }),
    "no service": put("permission", PERMISSION, { principal: "arn:aws:iam::111122223333:role/caller" }),
  },
  bad: {
    "any bucket": put("permission", PERMISSION, {
      principal: "s3.amazonaws.com",
      action: "lambda:InvokeFunction",
    }),
  },
  partial: {
    "every bucket": put("permission", PERMISSION, {
      principal: "s3.amazonaws.com",
      sourceArn: "arn:aws:s3:::*",
    }),
    "a rule of that name in any account": put("permission", PERMISSION, {
      principal: "events.amazonaws.com",
      sourceArn: "arn:aws:events:*:*:rule/nightly",
    }),
    "an empty source": put("permission", PERMISSION, { principal: "s3.amazonaws.com", sourceArn: "" }),
  },
  wrongType: {
    "a switch as the source": put("permission", PERMISSION, {
      principal: "s3.amazonaws.com",
      sourceArn: true,
    }),
  },
  unknown: { source: put("permission", PERMISSION, { principal: "s3.amazonaws.com", sourceArn: UNKNOWN }) },
});
