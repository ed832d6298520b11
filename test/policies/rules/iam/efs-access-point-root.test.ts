import { efsAccessPointRoot } from "../../../../policies/rules/iam/efs-access-point-root";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const point = (rootDirectory?: unknown) =>
  put("point", "aws:efs/accessPoint:AccessPoint", {
    fileSystemId: "fs-1",
    posixUser: { uid: 1000, gid: 1000 },
    ...(rootDirectory !== undefined && { rootDirectory }),
  });

describeRule(efsAccessPointRoot, {
  good: { directory: point({ path: "/models" }), "a directory below": point({ path: "/models/text" }) },
  bad: { none: point(), root: point({ path: "/" }) },
  partial: {
    "an owner without a path": point({
      creationInfo: { ownerUid: 1000, ownerGid: 1000, permissions: "0750" },
    }),
  },
  wrongType: { "a list as the path": point({ path: ["/models"] }) },
  unknown: { directory: point(UNKNOWN), path: point({ path: UNKNOWN }) },
});
