import { awsControls } from "../../model/aws-controls";
import { statementsOf, isOpenToEveryone } from "../../model/iam-statements";
import { inputRule } from "../../model/input-rule";

export const kmsKeyPolicyOpen = inputRule(
  {
    id: "kms-key-policy-open",
    title: "Key policies let nobody in by a wildcard",
    severity: "critical",
    waivable: false,
    description: "A key whose policy allows `*` without saying whose callers is a key for every AWS account.",
    remediation:
      "Principal: { AWS: `arn:aws:iam::${accountId}:root` } // or a condition on kms:CallerAccount or aws:PrincipalOrgID",
    types: [
      "aws:kms/key:Key",
      "aws:kms/keyPolicy:KeyPolicy",
      "aws:kms/replicaKey:ReplicaKey",
      "aws:kms/externalKey:ExternalKey",
      "aws:kms/replicaExternalKey:ReplicaExternalKey",
    ],
    controls: awsControls("kms_key_not_publicly_accessible"),
  },
  (key) => {
    const open = statementsOf(key.get("policy")).some(isOpenToEveryone);
    return open ? "must not allow everyone in its policy." : undefined;
  },
);
