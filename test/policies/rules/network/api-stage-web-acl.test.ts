import { UNKNOWN } from "../../../../policies/testing";
import { apiStageWebAcl } from "../../../../policies/rules/network/api-stage-web-acl";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";
import { drop, set } from "../../support/edits";

describeRule(apiStageWebAcl, {
  good: { associated: example("restStage") },
  bad: { none: [example("restStage"), drop("stageAcl")] },
  partial: { "of another stage": [example("restStage"), set("stageAcl", "resourceArn", "arn:other")] },
  wrongType: { "a number as the stage": [example("restStage"), set("stageAcl", "resourceArn", 7)] },
  unknown: { association: [example("restStage"), set("stageAcl", "resourceArn", UNKNOWN)] },
});
