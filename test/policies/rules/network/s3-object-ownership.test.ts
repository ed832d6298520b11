import { UNKNOWN } from "../../../../policies/testing";
import { s3ObjectOwnership } from "../../../../policies/rules/network/s3-object-ownership";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const TYPE = "aws:s3/bucketOwnershipControls:BucketOwnershipControls";

describeRule(s3ObjectOwnership, {
  good: {
    enforced: put("ownership", TYPE, { bucket: "models", rule: { objectOwnership: "BucketOwnerEnforced" } }),
  },
  bad: {
    preferred: put("ownership", TYPE, {
      bucket: "models",
      rule: { objectOwnership: "BucketOwnerPreferred" },
    }),
  },
  partial: { "no rule": put("ownership", TYPE, { bucket: "models" }) },
  wrongType: { "a switch": put("ownership", TYPE, { bucket: "models", rule: { objectOwnership: true } }) },
  unknown: { rule: put("ownership", TYPE, { bucket: "models", rule: UNKNOWN }) },
});
