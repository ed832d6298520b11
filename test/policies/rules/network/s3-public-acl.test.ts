import { UNKNOWN } from "../../../../policies/testing";
import { s3PublicAcl } from "../../../../policies/rules/network/s3-public-acl";
import { describeRule } from "../../support/describe-rule";
import { put, set } from "../../support/edits";

const ACL = "aws:s3/bucketAcl:BucketAcl";
const everyone = "http://acs.amazonaws.com/groups/global/AllUsers";

describeRule(s3PublicAcl, {
  good: { private: put("acl", ACL, { bucket: "models", acl: "private" }) },
  bad: {
    "a bucket's own": set("bucket", "acl", "public-read"),
    "any AWS account": put("acl", ACL, { bucket: "models", acl: "authenticated-read" }),
    "the older type": put("acl", "aws:s3/bucketAclV2:BucketAclV2", {
      bucket: "models",
      acl: "public-read-write",
    }),
    "a bucket's grants": set("bucket", "grants", [{ type: "Group", permissions: ["READ"], uri: everyone }]),
    "an ACL's grants": put("acl", ACL, {
      accessControlPolicy: { grants: [{ permission: "READ", grantee: { type: "Group", uri: everyone } }] },
    }),
    object: put("object", "aws:s3/bucketObjectv2:BucketObjectv2", {
      bucket: "models",
      key: "a",
      acl: "public-read",
    }),
  },
  partial: {
    "one grant of two": set("bucket", "grants", [
      { type: "CanonicalUser", id: "1", permissions: ["READ"] },
      {
        type: "Group",
        permissions: ["WRITE"],
        uri: "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
      },
    ]),
  },
  wrongType: {
    "one grant, not a list": set("bucket", "grants", { type: "Group", permissions: ["READ"], uri: everyone }),
    "one grant of an ACL, not a list": put("acl", ACL, {
      accessControlPolicy: { grants: { permission: "READ", grantee: { type: "Group", uri: everyone } } },
    }),
  },
  unknown: {
    acl: put("acl", ACL, { bucket: "models", acl: UNKNOWN }),
    grants: set("bucket", "grants", UNKNOWN),
  },
});
