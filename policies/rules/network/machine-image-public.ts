import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";

export const machineImagePublic = inputRule(
  {
    id: "machine-image-public",
    title: "Machine images are not shared with everyone",
    severity: "high",
    description: "An image carries what was on the disk: keys, code and the configuration of its makers.",
    remediation: "new aws.ec2.AmiLaunchPermission(name, { imageId, accountId })",
    types: [
      "aws:ec2/amiLaunchPermission:AmiLaunchPermission",
      "aws:ec2/imageBlockPublicAccess:ImageBlockPublicAccess",
    ],
    controls: awsControls("ec2_ami_public"),
  },
  (fields, { type }) => {
    if (type.endsWith(":ImageBlockPublicAccess")) {
      return fields.get("state").value() === "block-new-sharing"
        ? undefined
        : 'must set `state` to "block-new-sharing".';
    }
    return fields.get("group").string() === "all" ? "must not let everyone launch the image." : undefined;
  },
);
