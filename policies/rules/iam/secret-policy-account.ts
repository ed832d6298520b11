import type { Field } from "../../model/field";
import { statementsOf } from "../../model/iam-statements";
import { eachRule } from "../../model/input-rule";
import { wholeAccounts } from "../../model/whole-accounts";

export const secretPolicyAccount = eachRule<Field>(
  {
    id: "secret-policy-account",
    title: "Policies of secrets name roles rather than an account",
    severity: "medium",
    description:
      "An account's root stands for every user and role of the account that its IAM policies let at secrets: the secret is then as safe as the widest of them.",
    remediation: "Principal: { AWS: [role.arn] }",
    types: ["aws:secretsmanager/secretPolicy:SecretPolicy", "aws:secretsmanager/secret:Secret"],
    controls: [],
  },
  (fields) => statementsOf(fields.get("policy")),
  (statement) => {
    const [account] = wholeAccounts(statement);
    return account && `must name the roles that may read it, not the whole account \`${account}\`.`;
  },
);
