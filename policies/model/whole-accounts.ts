import { conditionsOf, principalsOf } from "./iam-statements";
import type { Field } from "./field";

const ACCOUNT = /^(?:arn:[^:]*:iam::)?(\d{12})(?::root)?$/;

/** The accounts that a statement lets in as a whole, without any condition. @throws UnknownRead */
export function wholeAccounts(statement: Field): string[] {
  if (statement.get("Effect").string() !== "Allow") return [];
  const accounts = principalsOf(statement).flatMap(({ kind, name }) =>
    kind === "AWS" ? (ACCOUNT.exec(name)?.[1] ?? []) : [],
  );
  return accounts.length === 0 || conditionsOf(statement).length > 0 ? [] : accounts;
}
