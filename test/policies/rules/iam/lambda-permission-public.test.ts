import { UNKNOWN } from "../../../../policies/testing";
import { lambdaPermissionPublic } from "../../../../policies/rules/iam/lambda-permission-public";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const PERMISSION = "aws:lambda/permission:Permission";

describeRule(lambdaPermissionPublic, {
  good: {
    "an organisation": put("permission", PERMISSION, {
      principal: "*",
      principalOrgId: "o-1",
      action: "lambda:InvokeFunction",
    }),
    "signed calls of a URL": put("permission", PERMISSION, {
      principal: "*",
      functionUrlAuthType: "AWS_IAM",
    }),
    "an account": put("permission", PERMISSION, { principal: "111122223333" }),
  },
  bad: {
    function: put("permission", PERMISSION, { principal: "*", action: "lambda:InvokeFunction" }),
    "a layer": put("layer", "aws:lambda/layerVersionPermission:LayerVersionPermission", {
      principal: "*",
      layerName: "l",
    }),
  },
  partial: {
    "a topic of that name in any account": put("permission", PERMISSION, {
      principal: "*",
      sourceArn: "arn:aws:sns:eu-central-1:*:news",
    }),
    "an empty organisation": put("permission", PERMISSION, { principal: "*", principalOrgId: "" }),
    "a URL for everyone": put("permission", PERMISSION, { principal: "*", functionUrlAuthType: "NONE" }),
  },
  wrongType: {
    "a switch as the organisation": put("permission", PERMISSION, { principal: "*", principalOrgId: true }),
    "a list as the source": put("permission", PERMISSION, { principal: "*", sourceArn: [] }),
  },
  unknown: {
    principal: put("permission", PERMISSION, { principal: UNKNOWN }),
    organisation: put("permission", PERMISSION, { principal: "*", principalOrgId: UNKNOWN }),
  },
});
