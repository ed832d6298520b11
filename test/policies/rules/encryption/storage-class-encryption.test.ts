import { storageClassEncryption } from "../../../../policies/rules/encryption/storage-class-encryption";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { remove, set } from "../../support/edits";
import { awsWorld } from "../../support/aws-world";

describeRule(storageClassEncryption, {
  world: awsWorld,
  good: {
    "another provisioner": set("storageClass", "provisioner", "kubernetes.io/no-provisioner"),
    EFS: set("storageClass", "provisioner", "efs.csi.aws.com"),
  },
  bad: {
    "not set": remove("storageClass", "parameters.encrypted"),
    "switched off": set("storageClass", "parameters.encrypted", "false"),
    "of the in-tree driver": [
      set("storageClass", "provisioner", "kubernetes.io/aws-ebs"),
      remove("storageClass", "parameters"),
    ],
  },
  partial: {
    "a key without the switch": set("storageClass", "parameters", { type: "gp3", kmsKeyId: "key" }),
  },
  wrongType: { "a number": set("storageClass", "parameters.encrypted", 1) },
  unknown: {
    switch: set("storageClass", "parameters.encrypted", UNKNOWN),
    provisioner: set("storageClass", "provisioner", UNKNOWN),
  },
});
