import { eachRule } from "../../model/input-rule";
import { asItsSnapshot, isOn } from "../../model/instances";

export const amiEncryption = eachRule(
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
  // A copy is encrypted as a whole, an image of one's own device by device.
  (image, { type }) => (type.endsWith(":AmiCopy") ? [image] : image.get("ebsBlockDevices").items()),
  (disk) => {
    if (isOn(disk.get("encrypted"))) return undefined;
    const isWhole = disk.path === "";
    if (isWhole) return "must set `encrypted: true`.";
    const device = `its device \`${disk.get("deviceName").show()}\``;
    return asItsSnapshot(disk, device) ?? `must encrypt ${device}.`;
  },
);
