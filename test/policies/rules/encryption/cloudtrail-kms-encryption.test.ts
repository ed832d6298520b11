import { cloudtrailKmsEncryption } from "../../../../policies/rules/encryption/cloudtrail-kms-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const trail = (more: Record<string, unknown>) =>
  put("trail", "aws:cloudtrail/trail:Trail", {
    isMultiRegionTrail: true,
    enableLogFileValidation: true,
    includeGlobalServiceEvents: true,
    cloudWatchLogsGroupArn: "arn:aws:logs:eu-central-1:111122223333:log-group:trail:*",
    cloudWatchLogsRoleArn: "arn:aws:iam::111122223333:role/trail",
    s3BucketName: "trail",
    eventSelectors: [{ dataResources: [{ type: "AWS::S3::Object", values: ["arn:aws:s3"] }] }],
    ...more,
  });

describeRule(cloudtrailKmsEncryption, {
  good: { "a key": trail({ kmsKeyId: "arn:aws:kms:eu-central-1:111122223333:key/k" }) },
  bad: { "no key": trail({}) },
  partial: { "an empty key": trail({ kmsKeyId: "" }) },
  wrongType: { "a switch": trail({ kmsKeyId: true }) },
  unknown: { key: trail({ kmsKeyId: UNKNOWN }) },
});
