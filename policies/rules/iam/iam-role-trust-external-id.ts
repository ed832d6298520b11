import type { Field } from "../../model/field";
import { coversAction } from "../../model/iam-policies";
import { conditionsOf, limitsCallers, principalsOf, statementsOf, textsOf } from "../../model/iam-statements";
import { accountIn, ownAccounts } from "../../model/own-accounts";
import type { RuleConfig, StackRule } from "../../model/rule";
import { wholeAccounts } from "../../model/whole-accounts";

/** What a deputy that was talked into calling does not have: what the two agreed on, a person's second factor, a tag. */
const AGREED = /^sts:(?:externalid|sourceidentity)$|^aws:(?:multifactorauthpresent$|principaltag\/)/;

/** @throws UnknownRead */
function saysWhoIsMeant(statement: Field): boolean {
  const isAgreed = conditionsOf(statement).some(
    ({ operator, key, values, holdsWithoutKey }) =>
      AGREED.test(key) &&
      operator !== "null" &&
      !holdsWithoutKey &&
      values.length > 0 &&
      !values.some((value) => /^[*?]*$/.test(value)),
  );
  return isAgreed || limitsCallers(statement);
}

/** Other accounts that may take the role without more ado. @throws UnknownRead */
function accountsLetIn(statement: Field, own: ReadonlySet<string>): string[] {
  if (statement.get("Effect").string() !== "Allow") return [];
  const actions = textsOf(statement.get("Action")).map((action) => action.toLowerCase());
  if (!actions.some((action) => coversAction(action, "sts:assumerole"))) return [];
  const others = principalsOf(statement).flatMap(({ kind, name }) => {
    const account = kind === "AWS" ? accountIn(name) : undefined;
    return account === undefined || own.has(account) ? [] : [account];
  });
  if (others.length === 0 || saysWhoIsMeant(statement)) return [];
  // A whole account without any condition is another rule's matter.
  const whole = wholeAccounts(statement);
  return others.filter((account) => !whole.includes(account));
}

function configured({ accounts }: RuleConfig): string[] {
  return Array.isArray(accounts) ? accounts.map(String) : [];
}

export const iamRoleTrustExternalId: StackRule = {
  id: "iam-role-trust-external-id",
  title: "Roles for other accounts ask for an external ID",
  severity: "medium",
  description:
    "A vendor takes the roles of all its customers from one account: without an external ID another customer can have it take this one. Accounts of one's own, other than those that the stack's resources lie in, are written down in `accounts`.",
  remediation:
    'Condition: { StringEquals: { "sts:ExternalId": externalId } } // within an organisation: { "aws:PrincipalOrgID": "o-…" }',
  types: ["aws:iam/role:Role"],
  controls: [],
  configSchema: {
    properties: {
      accounts: {
        type: "array",
        items: { type: "string" },
        default: [],
        description: "Numbers of further accounts of one's own, whose roles need no external ID.",
      },
    },
  },
  scope: "stack",
  check(stack, verdict, config) {
    const found = ownAccounts(stack);
    const own = new Set([...found, ...configured(config)]);
    for (const role of stack.ofTypes(iamRoleTrustExternalId.types)) {
      verdict.judge(role, () => {
        for (const statement of statementsOf(role.fields.get("assumeRolePolicy")))
          verdict.judge(role, () => {
            const [account] = accountsLetIn(statement, own);
            if (account === undefined) return;
            if (found.size === 0)
              verdict.indeterminate(
                role,
                `lets account \`${account}\` in without an external ID, and may lie in it: its own is not known yet.`,
              );
            else
              verdict.fail(
                role,
                `must ask account \`${account}\` for an external ID (\`sts:ExternalId\`), or name the organisation.`,
              );
          });
      });
    }
  },
};
