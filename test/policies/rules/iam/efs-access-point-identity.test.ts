import { efsAccessPointIdentity } from "../../../../policies/rules/iam/efs-access-point-identity";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const point = (posixUser?: unknown) =>
  put("point", "aws:efs/accessPoint:AccessPoint", {
    fileSystemId: "fs-1",
    rootDirectory: { path: "/models" },
    ...(posixUser !== undefined && { posixUser }),
  });

describeRule(efsAccessPointIdentity, {
  good: { "a user": point({ uid: 1000, gid: 1000 }), "root's group": point({ uid: 1000, gid: 0 }) },
  bad: { "no user": point(), root: point({ uid: 0, gid: 0 }) },
  partial: { "root with another group": point({ uid: 0, gid: 1000, secondaryGids: [1001] }) },
  wrongType: { "root as a text": point({ uid: "0", gid: "0" }), nothing: point(null) },
  notJudged: { "a name": point("app") },
  unknown: { user: point(UNKNOWN), uid: point({ uid: UNKNOWN, gid: 1000 }) },
});
