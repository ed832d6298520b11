import type { Field } from "./field";

/**
 * Whether a Kubernetes label selector picks these labels. An absent selector picks nothing, an empty one all.
 * @throws UnknownRead
 */
export function selects(selector: Field, labels: ReadonlyMap<string, string>): boolean {
  if (!selector.exists()) return false;
  for (const [key, value] of selector.get("matchLabels").entries()) {
    if (!isAt(labels, key, value)) return false;
  }
  return selector
    .get("matchExpressions")
    .items()
    .every((expression) => holds(expression, labels));
}

/** Whether a plain map selector, as a Service has it, picks these labels; an empty one picks nothing. */
export function selectsByMap(selector: Field, labels: ReadonlyMap<string, string>): boolean {
  const wanted = selector.entries();
  return wanted.length > 0 && wanted.every(([key, value]) => isAt(labels, key, value));
}

/** A value of a wrong type is no label's, and not the lack of one. */
function isAt(labels: ReadonlyMap<string, string>, key: string, value: Field): boolean {
  const text = value.string();
  return text !== undefined && labels.get(key) === text;
}

/** Whether the selector has no condition, so that it picks everything. @throws UnknownRead */
export function selectsAll(selector: Field): boolean {
  return (
    !selector.exists() ||
    (selector.get("matchLabels").entries().length === 0 &&
      selector.get("matchExpressions").items().length === 0)
  );
}

function holds(expression: Field, labels: ReadonlyMap<string, string>): boolean {
  const value = labels.get(expression.get("key").string() ?? "");
  const values = expression.get("values").strings();
  switch (expression.get("operator").string()) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}
