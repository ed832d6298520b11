import type { StackView } from "./stack-view";

/** Undefined for what names no account. */
export function accountIn(text: string): string | undefined {
  return /^(?:arn:[^:]*:[^:]*:[^:]*:)?(\d{12})(?::|$)/.exec(text)?.[1];
}

/** The accounts that resources of a stack lie in, by their own ARNs: none in the preview of a stack that is new. */
export function ownAccounts(stack: StackView): ReadonlySet<string> {
  const arns = stack.ofTypes(["aws:*/*:*"]).map(({ fields }) => fields.get("arn"));
  return new Set(arns.flatMap((arn) => (arn.isUnknown ? [] : (accountIn(arn.string() ?? "") ?? []))));
}
