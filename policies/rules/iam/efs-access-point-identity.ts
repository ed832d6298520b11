import { awsFoundational } from "../../model/controls";
import { inputRule } from "../../model/input-rule";
import { asNumber } from "../../model/scalars";

export const efsAccessPointIdentity = inputRule(
  {
    id: "efs-access-point-identity",
    title: "EFS access points say as whom files are read and written",
    severity: "medium",
    description:
      "Without a POSIX user of its own an access point takes the client's word for who it is, root included; as user 0 everybody is root.",
    remediation: "posixUser: { uid: 1000, gid: 1000 }",
    types: ["aws:efs/accessPoint:AccessPoint"],
    controls: [awsFoundational("EFS.4", "EFS access points should enforce a user identity")],
  },
  (point) => {
    const user = point.get("posixUser");
    if (!user.exists()) return "must set `posixUser`: clients choose their user, root included.";
    return asNumber(user.get("uid")) === 0
      ? "must not make everybody root: `posixUser.uid` is 0."
      : undefined;
  },
);
