import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";
import { asNumber } from "../../model/scalars";

const MINIMUM_LENGTH = 14;
const REMEMBERED = 24;

export const iamPasswordPolicy = inputRule(
  {
    id: "iam-password-policy",
    title: "The account's password policy asks for long, new passwords",
    severity: "medium",
    description: "Short or reused passwords of IAM users are guessed or known already.",
    remediation:
      "new aws.iam.AccountPasswordPolicy(name, { minimumPasswordLength: 14, passwordReusePrevention: 24 })",
    types: ["aws:iam/accountPasswordPolicy:AccountPasswordPolicy"],
    controls: awsControls("iam_password_policy_minimum_length_14", "iam_password_policy_reuse_24"),
  },
  (fields) => {
    const isShort = !(asNumber(fields.get("minimumPasswordLength")) >= MINIMUM_LENGTH);
    if (isShort) return `must set \`minimumPasswordLength\` to at least ${MINIMUM_LENGTH}.`;
    return asNumber(fields.get("passwordReusePrevention")) >= REMEMBERED
      ? undefined
      : `must set \`passwordReusePrevention\` to ${REMEMBERED}.`;
  },
);
