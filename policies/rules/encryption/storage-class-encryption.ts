import { inputRule } from "../../model/input-rule";
import { isOn } from "../../model/instances";

const EBS = ["ebs.csi.aws.com", "ebs.csi.eks.amazonaws.com", "kubernetes.io/aws-ebs"];

export const storageClassEncryption = inputRule(
  {
    id: "storage-class-encryption",
    title: "Volumes of a StorageClass are encrypted",
    severity: "high",
    description: "Every claim of the class gets a plain EBS volume otherwise.",
    remediation: 'parameters: { type: "gp3", encrypted: "true", kmsKeyId: key.arn }',
    types: ["kubernetes:storage.k8s.io/*:StorageClass"],
    controls: [],
  },
  (storage) => {
    if (!EBS.includes(storage.get("provisioner").string() ?? "")) return undefined;
    return isOn(storage.get("parameters", "encrypted"))
      ? undefined
      : 'must set `parameters.encrypted: "true"`.';
  },
);
