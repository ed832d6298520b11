import { given, Links } from "./aws-links";
import type { Field } from "./field";
import { conditionsOf, isAboutEveryone, statementsOf, textsOf } from "./iam-statements";
import type { RuleMetadata, StackRule } from "./rule";
import type { Subject } from "./subject";
import type { TypePattern } from "./type-pattern";
import { UnknownRead } from "./unknown";

/** What a denial must be about to leave nothing to plain text. */
export interface DenialScope {
  /** Whether denying these actions (in lower case) leaves nothing to plain text. */
  readonly coversActions: (actions: readonly string[]) => boolean;
  /** @default any */
  readonly coversResources?: (resources: readonly string[]) => boolean;
}

/** What a service calls its resource, and the policy of it that stands as a resource of its own. */
export interface PolicyPlace extends DenialScope {
  readonly policies: readonly TypePattern[];
  /** The property by which such a policy names the resource. */
  readonly property: string;
  /** The resource's properties by which it is named. */
  readonly names: readonly string[];
}

export type Denial = "denies" | "does not deny" | "unknown";

/** A rule that the policies of a resource deny what comes without TLS, wherever they are written. */
export function secureTransportRule(metadata: RuleMetadata, place: PolicyPlace): StackRule {
  return {
    ...metadata,
    scope: "stack",
    check(stack, verdict) {
      const resources = stack.ofTypes(metadata.types);
      const links = new Links(resources, stack.ofTypes(place.policies), place.property, place.names);
      for (const resource of resources) {
        const answers = [given(resource, "policy"), ...links.to(resource).map(policyOf)].map((policy) =>
          denialIn(policy, place),
        );
        if (answers.includes("denies")) continue;
        const [open] = links.open;
        if (answers.includes("unknown"))
          verdict.indeterminate(resource, "has a policy that is not known yet.");
        else if (open)
          verdict.indeterminate(
            resource,
            `may be meant by the policy \`${open.name}\`, whose \`${place.property}\` is not known yet.`,
          );
        else
          verdict.fail(
            resource,
            "must have a policy that denies everyone everything without TLS (`aws:SecureTransport`).",
          );
      }
    },
  };
}

function policyOf(subject: Subject): Field {
  return subject.fields.get("policy");
}

/** Whether a policy denies everyone what comes without TLS. */
export function denialIn(policy: Field, scope: DenialScope): Denial {
  let answer: Denial = "does not deny";
  try {
    for (const statement of statementsOf(policy)) {
      try {
        if (deniesPlainText(statement, scope)) return "denies";
      } catch (error) {
        if (!(error instanceof UnknownRead)) throw error;
        answer = "unknown";
      }
    }
  } catch (error) {
    if (!(error instanceof UnknownRead)) throw error;
    return "unknown";
  }
  return answer;
}

function deniesPlainText(statement: Field, { coversActions, coversResources }: DenialScope): boolean {
  if (statement.get("Effect").string() !== "Deny") return false;
  const conditions = conditionsOf(statement);
  // A further condition would narrow down what is denied.
  const [only] = conditions;
  if (
    conditions.length !== 1 ||
    only?.key !== "aws:securetransport" ||
    !/^bool(?:ifexists)?$/.test(only.operator)
  )
    return false;
  if (only.values.join().toLowerCase() !== "false" || !isAboutEveryone(statement)) return false;
  const actions = textsOf(statement.get("Action")).map((action) => action.toLowerCase());
  if (!actions.includes("*") && !coversActions(actions)) return false;
  const resources = textsOf(statement.get("Resource"));
  return resources.includes("*") || coversResources === undefined || coversResources(resources);
}
