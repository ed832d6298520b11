import { awsControls } from "../../model/aws-controls";
import { awsFoundational } from "../../model/controls";
import { inputRule } from "../../model/input-rule";
import { oneOrMany } from "../../model/one-or-many";

const PUBLIC_ACLS = ["public-read", "public-read-write", "authenticated-read"];
const PUBLIC_GROUPS = /\/groups\/global\/(?:AllUsers|AuthenticatedUsers)$/;

export const s3PublicAcl = inputRule(
  {
    id: "s3-public-acl",
    title: "S3 ACLs grant nothing to everyone",
    severity: "critical",
    description:
      "`public-read` is for everyone, and `authenticated-read` for everyone with any AWS account, which is the same.",
    remediation:
      '// No ACL at all, and none that counts:\nnew aws.s3.BucketOwnershipControls(name, { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } })',
    types: [
      "aws:s3/bucket:Bucket",
      "aws:s3/bucketV2:BucketV2",
      "aws:s3/bucketAcl:BucketAcl",
      "aws:s3/bucketAclV2:BucketAclV2",
      "aws:s3/bucketObject:BucketObject",
      "aws:s3/bucketObjectv2:BucketObjectv2",
      "aws:s3/objectCopy:ObjectCopy",
    ],
    controls: [
      ...awsControls("s3_bucket_public_write_acl"),
      awsFoundational("S3.2", "S3 buckets should prohibit public read access"),
    ],
  },
  (fields) => {
    const acl = fields.get("acl").string() ?? "";
    if (PUBLIC_ACLS.includes(acl)) return `must not use the ACL \`${acl}\`.`;
    const grantees = [
      ...oneOrMany(fields.get("grants")),
      ...oneOrMany(fields.get("accessControlPolicy", "grants")).map((grant) => grant.get("grantee")),
    ];
    const open = grantees.find((grantee) => PUBLIC_GROUPS.test(grantee.get("uri").string() ?? ""));
    return open && `must not grant anything to \`${open.get("uri").show()}\`.`;
  },
);
