import { awsFoundational } from "../../model/controls";
import { inputRule } from "../../model/input-rule";

export const efsAccessPointRoot = inputRule(
  {
    id: "efs-access-point-root",
    title: "EFS access points show one directory only",
    severity: "low",
    description:
      "Through an access point at `/` an application sees the files of all the others on the file system.",
    remediation:
      'rootDirectory: { path: "/models", creationInfo: { ownerUid: 1000, ownerGid: 1000, permissions: "0750" } }',
    types: ["aws:efs/accessPoint:AccessPoint"],
    controls: [awsFoundational("EFS.3", "EFS access points should enforce a root directory")],
  },
  (point) =>
    /^\/*$/.test(point.get("rootDirectory", "path").string() ?? "")
      ? "must set `rootDirectory.path` to a directory of its own."
      : undefined,
);
