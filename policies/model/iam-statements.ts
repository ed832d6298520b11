import { coversEveryAccount, isNameInAnyAccount } from "./arn-patterns";
import { isInternet } from "./cidr";
import { Field } from "./field";
import { oneOrMany } from "./one-or-many";
import { asText } from "./scalars";

/** The statements of a policy document, given as JSON text or as an object; none in what is neither. @throws UnknownRead */
export function statementsOf(policy: Field): Field[] {
  return oneOrMany(documentOf(policy).get("Statement"));
}

/** A document given as JSON text or as an object; empty for what is neither. @throws UnknownRead */
export function documentOf(policy: Field): Field {
  const text = policy.string();
  if (text === undefined) return policy;
  try {
    return new Field(JSON.parse(text), policy.path);
  } catch {
    return new Field(undefined, policy.path);
  }
}

/** The texts of an element that may hold one or several; an account may be written as a number. @throws UnknownRead */
export function textsOf(element: Field): string[] {
  return oneOrMany(element)
    .map(asText)
    .filter((text) => text !== "");
}

export interface Principal {
  /** `AWS`, `Service`, `Federated`, `CanonicalUser`; `*` where the statement says only that. */
  readonly kind: string;
  readonly name: string;
}

/** @throws UnknownRead */
export function principalsOf(statement: Field): Principal[] {
  const principal = statement.get("Principal");
  const unnamed = textsOf(principal);
  if (unnamed.length > 0) return unnamed.map((name) => ({ kind: "*", name }));
  return principal.entries().flatMap(([kind, names]) => textsOf(names).map((name) => ({ kind, name })));
}

/** Whether a statement speaks of everyone: no principal is left out. @throws UnknownRead */
export function isAboutEveryone(statement: Field): boolean {
  return principalsOf(statement).some(({ kind, name }) => name === "*" && (kind === "*" || kind === "AWS"));
}

export interface Condition {
  /** In lower case, without `ForAnyValue:` and the like. */
  readonly operator: string;
  /** In lower case, as AWS compares it. */
  readonly key: string;
  readonly values: readonly string[];
  /** Whether it also holds for a request without the key: of a negation, `…IfExists`, `ForAllValues`. */
  readonly holdsWithoutKey: boolean;
}

/** @throws UnknownRead */
export function conditionsOf(statement: Field): Condition[] {
  return statement
    .get("Condition")
    .entries()
    .flatMap(([written, keys]) => {
      const operator = written.toLowerCase();
      return keys.entries().map(([key, list]): Condition => {
        const values = oneOrMany(list).map((value) => (value.exists() ? value.show() : ""));
        return {
          operator: operator.replace(/^for(?:any|all)values?:/, ""),
          key: key.toLowerCase(),
          values,
          holdsWithoutKey:
            /^forall|not|ifexists$/.test(operator) ||
            (operator === "null" && values.some((value) => value.toLowerCase() !== "false")),
        };
      });
    });
}

/** Keys by which a condition says who may call, or from where. */
const CALLER_KEYS = new Set([
  ..."aws:principalarn aws:principalaccount aws:principalorgid aws:principalorgpaths aws:userid".split(" "),
  ..."aws:sourcearn aws:sourceaccount aws:sourceowner aws:sourceorgid aws:sourceorgpaths".split(" "),
  ..."aws:sourcevpc aws:sourcevpce aws:sourceip aws:vpcsourceip kms:calleraccount s3:dataaccesspointaccount".split(
    " ",
  ),
]);

/** Wildcards alone, or after what begins every identifier of its kind. */
const ANY_IDENTIFIER = /^(?:(?:o|r|ou|vpc|vpce)-)?[*?]+$/;

/** `aws:userid` of any identity, of which callers choose what stands behind the colon. */
const ANY_USER_ID = /^(?:A(?:RO|ID)A)?[*?]+:/i;

/** Whether a value of a condition leaves no account out. */
function isEverybody(value: string): boolean {
  const isAnyId = value.split("/").every((part) => part === "" || ANY_IDENTIFIER.test(part));
  if (isInternet(value) || (value !== "" && isAnyId) || ANY_USER_ID.test(value)) return true;
  return coversEveryAccount(value) || isNameInAnyAccount(value);
}

/** Whether a text says who may call, or from where, and leaves somebody out. @throws UnknownRead */
export function limitsCallersTo(field: Field): boolean {
  const text = field.string() ?? "";
  return text !== "" && !isEverybody(text);
}

/** Whether a condition narrows a statement about everyone down to somebody. @throws UnknownRead */
export function limitsCallers(statement: Field): boolean {
  return conditionsOf(statement).some(
    ({ operator, key, values, holdsWithoutKey }) =>
      CALLER_KEYS.has(key) &&
      operator !== "null" &&
      !holdsWithoutKey &&
      values.length > 0 &&
      !values.some(isEverybody),
  );
}

/** Whether a statement lets everyone in, whoever calls. @throws UnknownRead */
export function isOpenToEveryone(statement: Field): boolean {
  if (statement.get("Effect").string() !== "Allow") return false;
  const everyone = isAboutEveryone(statement) || statement.get("NotPrincipal").exists();
  return everyone && !limitsCallers(statement);
}
