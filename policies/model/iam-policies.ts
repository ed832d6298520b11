import { coversEveryIdentity, coversEveryResource, coversEverySecret } from "./arn-patterns";
import type { Field } from "./field";
import { conditionsOf, statementsOf, textsOf } from "./iam-statements";
import { eachRule } from "./input-rule";
import type { ResourceRule, RuleMetadata } from "./rule";

/** Every way of @pulumi/aws to write down what an identity may do. */
export const IDENTITY_POLICY_TYPES = [
  "aws:iam/policy:Policy",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/userPolicy:UserPolicy",
  "aws:iam/groupPolicy:GroupPolicy",
  "aws:iam/role:Role",
  "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy",
];

/** @throws UnknownRead for a policy that is not known; of a role's inline policies the others are lost then too */
function identityStatements(fields: Field): Field[] {
  const policies = [
    fields.get("policy"),
    fields.get("inlinePolicy"),
    ...fields
      .get("inlinePolicies")
      .items()
      .map((inline) => inline.get("policy")),
  ];
  return policies.flatMap(statementsOf);
}

/** What one statement allows; each part is read when it is asked for, so that an unknown one matters only then. */
export interface Grant {
  readonly statement: Field;
  /** Patterns in lower case, as AWS compares them. */
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** The grant of a statement; undefined where it allows nothing. @throws UnknownRead */
export function grantOf(statement: Field): Grant | undefined {
  if (statement.get("Effect").string() !== "Allow") return undefined;
  return {
    statement,
    get actions() {
      return textsOf(statement.get("Action")).map((action) => action.toLowerCase());
    },
    get resources() {
      return textsOf(statement.get("Resource"));
    },
  };
}

/** A rule about every statement by which an identity is allowed something. */
export function grantRule(
  metadata: Omit<RuleMetadata, "types">,
  check: (grant: Grant) => string | undefined,
): ResourceRule {
  return eachRule({ ...metadata, types: IDENTITY_POLICY_TYPES }, identityStatements, (statement) => {
    const grant = grantOf(statement);
    return grant && check(grant);
  });
}

/** A rule about every statement that says who may take a role. */
export function trustRule(
  metadata: Omit<RuleMetadata, "types">,
  check: (statement: Field) => string | undefined,
): ResourceRule {
  return eachRule(
    { ...metadata, types: ["aws:iam/role:Role"] },
    (fields) => statementsOf(fields.get("assumeRolePolicy")),
    (statement) => (statement.get("Effect").string() === "Allow" ? check(statement) : undefined),
  );
}

/** Whether a pattern with `*` and `?` stands for an action (both in lower case). Linear, whatever the pattern. */
export function coversAction(pattern: string, action: string): boolean {
  let [p, a, star, mark] = [0, 0, -1, 0];
  while (a < action.length) {
    if (pattern[p] === "*") [star, mark, p] = [p, a, p + 1];
    else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === action[a])) [p, a] = [p + 1, a + 1];
    else if (star >= 0) [p, a, mark] = [star + 1, mark + 1, mark + 1];
    else return false;
  }
  return /^\**$/.test(pattern.slice(p));
}

/** The first of some actions that a grant's patterns cover; `*` alone is another rule's matter. */
export function coveredBy({ actions }: Grant, wanted: readonly string[]): string | undefined {
  const patterns = actions.filter((action) => !isEverything(action));
  return wanted.find((action) => patterns.some((pattern) => coversAction(pattern, action)));
}

export function isEverything(action: string): boolean {
  return /^\*+(?::\*+)?$/.test(action);
}

/** Whether a grant is for any resource. */
export function isForAnyResource({ resources }: Grant): boolean {
  return resources.some(coversEveryResource);
}

/** Whether a grant is for every identity of the account, or of any. */
export function isForAnyIdentity({ resources }: Grant): boolean {
  return resources.some((resource) => coversEveryResource(resource) || coversEveryIdentity(resource));
}

/** Whether a grant is for every secret or every key of an account. */
export function isForEverySecret({ resources }: Grant): boolean {
  return resources.some(coversEverySecret);
}

/** Conditions that say how, by whom or from where an action is called, not what it is called on. */
const CIRCUMSTANCES =
  /^aws:(?:multifactorauth\w*|securetransport|requestedregion|currenttime|epochtime|useragent|referer|tokenissuetime)$|^aws:(?:principal|source)|^aws:(?:user(?:id|name)|vpcsourceip)$|^kms:calleraccount$|^ec2:sourceinstancearn$/;

/** Values that leave nothing out. */
const ANYTHING = /^\*+(?:\.amazonaws\.com)?$/;

/**
 * Whether a condition narrows down what a grant is for.
 * @param besides further keys (in lower case) that say nothing of what this action is called on
 * @throws UnknownRead
 */
export function isNarrowed({ statement }: Grant, besides: readonly string[] = []): boolean {
  return conditionsOf(statement).some(
    ({ key, values, holdsWithoutKey }) =>
      !CIRCUMSTANCES.test(key) &&
      !besides.includes(key) &&
      !holdsWithoutKey &&
      values.length > 0 &&
      !values.some((value) => ANYTHING.test(value)),
  );
}
