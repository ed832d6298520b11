import type { Field } from "../../model/field";
import { statementsOf, textsOf } from "../../model/iam-statements";
import { inputRule } from "../../model/input-rule";
import { coversAction } from "../../model/iam-policies";
import { wholeAccounts } from "../../model/whole-accounts";

/** What hands out the data under a key, or the right to use it. */
const USING = ["kms:decrypt", "kms:generatedatakey", "kms:reencryptfrom", "kms:creategrant"];

const isWhole = (action: string): boolean => /^(?:kms:)?\*+$/.test(action);

/** @throws UnknownRead */
function problem(statements: readonly Field[]): string | undefined {
  const owners = new Set<string>();
  for (const statement of statements) {
    const accounts = wholeAccounts(statement);
    if (accounts.length === 0) continue;
    const actions = textsOf(statement.get("Action")).map((action) => action.toLowerCase());
    if (actions.some(isWhole)) for (const account of accounts) owners.add(account);
    else if (actions.some((action) => USING.some((one) => coversAction(action, one))))
      return `must name the roles that may use it, not the whole account \`${accounts[0]}\`.`;
  }
  // AWS' own policy gives the key's account everything, so that its IAM policies hold: one account can be that.
  return owners.size > 1
    ? `must not give ${owners.size} whole accounts (${[...owners].join(", ")}) every action: all but its own need roles, or a condition.`
    : undefined;
}

export const kmsKeyPolicyAccount = inputRule(
  {
    id: "kms-key-policy-account",
    title: "Key policies name roles rather than an account",
    severity: "medium",
    description:
      "An account's root stands for every user and role of the account that its IAM policies let at keys. The statement by which a key's own account gets `kms:*` is AWS' own and stays.",
    remediation:
      'Principal: { AWS: [role.arn] }, Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: "*" // or a condition such as kms:ViaService',
    types: [
      "aws:kms/key:Key",
      "aws:kms/keyPolicy:KeyPolicy",
      "aws:kms/replicaKey:ReplicaKey",
      "aws:kms/externalKey:ExternalKey",
      "aws:kms/replicaExternalKey:ReplicaExternalKey",
    ],
    controls: [],
  },
  (key) => problem(statementsOf(key.get("policy"))),
);
