import { UNKNOWN } from "../../../../policies/testing";
import { lambdaImageDigest } from "../../../../policies/rules/supply-chain/lambda-image-digest";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const fn = (props: Record<string, unknown>) => put("function", "aws:lambda/function:Function", props);

describeRule(lambdaImageDigest, {
  good: {
    digest: fn({
      packageType: "Image",
      imageUri: `111122223333.dkr.ecr.eu-central-1.amazonaws.com/text@sha256:${"ab".repeat(32)}`,
    }),
    archive: fn({ runtime: "nodejs22.x" }),
  },
  bad: {
    tag: fn({ packageType: "Image", imageUri: "111122223333.dkr.ecr.eu-central-1.amazonaws.com/text:v1" }),
  },
  partial: {
    "half a digest": fn({
      packageType: "Image",
      imageUri: "111122223333.dkr.ecr.eu-central-1.amazonaws.com/text@sha256:abab",
    }),
  },
  notJudged: { number: fn({ packageType: "Image", imageUri: 7 }) },
  unknown: { image: fn({ packageType: "Image", imageUri: UNKNOWN }) },
});
