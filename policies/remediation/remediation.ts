import { isDeepStrictEqual } from "node:util";
import { isAbout, judgeResource } from "../model/judge";
import type { ResourceRule, RuleConfig } from "../model/rule";
import { type DeclaredResource, itemType } from "../model/subject";
import { asDraft, copyOf, type Draft } from "./draft";

/** Mends a copy of a resource's properties in place, where that is safe; leaves it as it is where it is not. */
export type Remediation = (draft: Draft, type: string) => void;

/** A secret as the policy SDK hands it to remediations: a wrapper that rules do not know. */
function revealed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revealed);
  const record = asDraft(value);
  if (record) return Object.fromEntries(Object.entries(record).map(([key, item]) => [key, revealed(item)]));
  const isSecret = typeof value === "object" && value !== null && value.constructor?.name === "Secret";
  return isSecret ? revealed((value as { value: unknown }).value) : value;
}

function breaks(rule: ResourceRule, resource: DeclaredResource, config: RuleConfig): boolean {
  const findings = judgeResource(rule, { ...resource, props: revealed(resource.props) }, config);
  return findings.some(({ state }) => state === "fail");
}

/**
 * The properties of a resource with what breaks the rule mended; undefined where it breaks nothing, where that
 * cannot be known yet, or where nothing in it can be mended safely. Never changes what it is given.
 */
export function remediated(
  rule: ResourceRule,
  mend: Remediation,
  resource: DeclaredResource,
  config: RuleConfig = {},
): Record<string, unknown> | undefined {
  const props = asDraft(resource.props);
  // The items of a list resource are objects of their own; whoever writes them as one mends them there.
  const isList = itemType(resource.type) !== resource.type;
  if (!props || isList || !isAbout(rule, resource.type)) return undefined;
  if (!breaks(rule, resource, config)) return undefined;
  const draft = copyOf(props);
  mend(draft, resource.type);
  return isDeepStrictEqual(draft, props) ? undefined : draft;
}
