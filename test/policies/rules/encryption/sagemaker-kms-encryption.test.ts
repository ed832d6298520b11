import { sagemakerKmsEncryption } from "../../../../policies/rules/encryption/sagemaker-kms-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const NOTEBOOK = "aws:sagemaker/notebookInstance:NotebookInstance";
const ENDPOINT = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const closed = { directInternetAccess: "Disabled", rootAccess: "Disabled", subnetId: "subnet-1" };

describeRule(sagemakerKmsEncryption, {
  good: {
    "a notebook": put("notebook", NOTEBOOK, { ...closed, kmsKeyId: "key" }),
    "an endpoint": put("endpoint", ENDPOINT, { kmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/k" }),
  },
  bad: { "a notebook": put("notebook", NOTEBOOK, closed), "an endpoint": put("endpoint", ENDPOINT, {}) },
  partial: { "the other kind's property": put("endpoint", ENDPOINT, { kmsKeyId: "key" }) },
  wrongType: { "a switch": put("endpoint", ENDPOINT, { kmsKeyArn: true }) },
  unknown: { key: put("endpoint", ENDPOINT, { kmsKeyArn: UNKNOWN }) },
});
