import type { Field } from "./field";
import { type Condition, conditionsOf } from "./iam-statements";

const PRESENT = "aws:multifactorauthpresent";
const AGE = "aws:multifactorauthage";

/** Whether a condition, a negation too, reads as the key being true (or false), whatever it does where the key is missing. */
function readsAs(condition: Condition, answer: boolean): boolean {
  const { operator, key, values } = condition;
  const says = (text: boolean): boolean =>
    values.length > 0 && values.every((value) => value.toLowerCase() === String(text));
  if (operator === "null") return (key === PRESENT || key === AGE) && says(!answer);
  if (key === AGE) return operator.startsWith(answer ? "numericless" : "numericgreater");
  return key === PRESENT && says(operator.includes("not") ? !answer : answer);
}

/** That the key is there says little: temporary credentials have it without a second factor too, as "false". */
const asksForKey = ({ operator, key }: Condition): boolean => operator === "null" && key === PRESENT;

/** What a statement does about a second factor; "seems to" where requests with long-term access keys, which lack the key, pass. */
export type MfaDemand = "demands" | "seems to demand" | "denies" | "seems to deny";

/** Undefined for a statement that says nothing of a second factor. @throws UnknownRead */
export function mfaDemandOf(statement: Field): MfaDemand | undefined {
  const isAllow = statement.get("Effect").string() === "Allow";
  const conditions = conditionsOf(statement).filter((condition) => readsAs(condition, isAllow));
  if (conditions.length === 0) return undefined;
  if (!isAllow)
    return conditions.every(({ holdsWithoutKey }) => holdsWithoutKey) ? "denies" : "seems to deny";
  const isDemand = conditions.some(
    (condition) => !condition.holdsWithoutKey && (!asksForKey(condition) || conditions.length > 1),
  );
  return isDemand ? "demands" : "seems to demand";
}
