import { cloudtrailObjectEvents } from "../../../../policies/rules/logging/cloudtrail-object-events";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const trail = (more: Record<string, unknown>) =>
  put("trail", "aws:cloudtrail/trail:Trail", {
    s3BucketName: "trail",
    kmsKeyId: "arn:aws:kms:eu-central-1:111122223333:key/a",
    isMultiRegionTrail: true,
    enableLogFileValidation: true,
    cloudWatchLogsGroupArn: "arn:aws:logs:eu-central-1:111122223333:log-group:trail:*",
    ...more,
  });
const dataResources = [{ type: "AWS::S3::Object", values: ["arn:aws:s3"] }];
const fieldSelectors = [
  { field: "eventCategory", equals: ["Data"] },
  { field: "resources.type", equals: ["AWS::S3::Object"] },
];

const MANAGEMENT = { fieldSelectors: [{ field: "eventCategory", equals: ["Management"] }] };

describeRule(cloudtrailObjectEvents, {
  good: {
    selectors: trail({ eventSelectors: [{ readWriteType: "All", dataResources }] }),
    "selectors of the other kind": trail({ advancedEventSelectors: [{ fieldSelectors }, MANAGEMENT] }),
  },
  bad: {
    none: trail({}),
    "management events": trail({ eventSelectors: [{ includeManagementEvents: true }] }),
  },
  partial: {
    reads: trail({
      eventSelectors: [
        { readWriteType: "ReadOnly", includeManagementEvents: false, dataResources },
        { includeManagementEvents: true },
      ],
    }),
    "of functions": trail({
      eventSelectors: [{ readWriteType: "All", dataResources: [{ type: "AWS::Lambda::Function" }] }],
    }),
  },
  wrongType: {
    "a text instead of a list": trail({ eventSelectors: "All" }),
    "one resource, not a list": trail({
      eventSelectors: [{ readWriteType: "All", dataResources: { type: "AWS::S3::Object" } }],
    }),
  },
  unknown: { selectors: trail({ eventSelectors: UNKNOWN }) },
});
