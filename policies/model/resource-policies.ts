import { isOpenToEveryone, statementsOf } from "./iam-statements";
import { eachRule } from "./input-rule";
import type { ResourceRule, RuleMetadata } from "./rule";

/** A rule that the policies of a kind of resource, in either of their properties, let in nobody unnamed. */
export function publicPolicyRule(metadata: RuleMetadata): ResourceRule {
  return eachRule(
    metadata,
    (fields) => [fields.get("policy"), fields.get("resourcePolicy")].flatMap(statementsOf),
    (statement) =>
      isOpenToEveryone(statement)
        ? "must not let everyone in: name the principals, or limit them by a condition such as `aws:PrincipalOrgID` or `aws:SourceArn`."
        : undefined,
  );
}
