import { inputRule } from "../../model/input-rule";
import { isOn } from "../../model/instances";

export const amiEncryption = inputRule(
  {
    id: "ami-encryption",
    title: "Machine images are encrypted",
    severity: "high",
    description:
      "Every instance takes its disks from the image: a copy or a device of an image that is not encrypted is passed on to all of them.",
    remediation:
      "new aws.ec2.AmiCopy(name, { sourceAmiId, sourceAmiRegion, encrypted: true, kmsKeyId: key.arn })",
    types: ["aws:ec2/amiCopy:AmiCopy", "aws:ec2/ami:Ami"],
    controls: [],
  },
  (image, { type }) => {
    if (type.endsWith(":AmiCopy"))
      return isOn(image.get("encrypted")) ? undefined : "must set `encrypted: true`.";
    // A device made from a snapshot is encrypted as that snapshot is.
    const plain = image
      .get("ebsBlockDevices")
      .items()
      .find((device) => !isOn(device.get("encrypted")) && !device.get("snapshotId").exists());
    return plain && `must encrypt its device \`${plain.get("deviceName").show()}\`.`;
  },
);
