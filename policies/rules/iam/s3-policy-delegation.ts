import { awsFoundational } from "../../model/controls";
import { principalsOf, statementsOf } from "../../model/iam-statements";
import { coversAction, grantOf } from "../../model/iam-policies";
import { eachRule } from "../../model/input-rule";

/** What AWS' S3.6 grants nobody of another account. */
const ADMINISTERING = [
  "s3:DeleteBucketPolicy",
  "s3:PutBucketAcl",
  "s3:PutBucketPolicy",
  "s3:PutEncryptionConfiguration",
  "s3:PutObjectAcl",
];

export const s3PolicyDelegation = eachRule(
  {
    id: "s3-policy-delegation",
    title: "Bucket policies hand nobody the administration of the bucket",
    severity: "medium",
    description:
      "Who may change a bucket's policy or ACLs can give it to anyone. Roles of the own account get that by policies of their own.",
    remediation: 'Principal: { AWS: [role.arn] }, Action: ["s3:GetObject", "s3:PutObject"]',
    types: ["aws:s3/bucketPolicy:BucketPolicy", "aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"],
    controls: [
      awsFoundational(
        "S3.6",
        "Amazon S3 permissions granted to other AWS accounts in bucket policies should be restricted",
      ),
    ],
  },
  (fields) => statementsOf(fields.get("policy")),
  (statement) => {
    const grant = grantOf(statement);
    const someone = principalsOf(statement).find(({ kind, name }) => kind === "AWS" && name !== "*");
    if (!grant || !someone) return undefined;
    const action = ADMINISTERING.find((name) =>
      grant.actions.some((pattern) => coversAction(pattern, name.toLowerCase())),
    );
    return action && `must not allow \`${action}\` to \`${someone.name}\`.`;
  },
);
