import { UnknownValueError } from "@pulumi/policy";
import { unwrapAll } from "../model/unwrap";
import type { PlainResource } from "./plain-resource";
import { levelOf, NotApplicable, type SetPolicy, surroundingsOf } from "./policy-options";
import { resourceArgs } from "./sdk-args";

/**
 * The resources as the policies at level `remediate` leave them, which is what the engine has all policies judge. Each policy
 * is given what the one before it made.
 */
export async function remediated(
  resources: readonly PlainResource[],
  policies: readonly SetPolicy[],
): Promise<readonly PlainResource[]> {
  const menders = policies.filter((set) => levelOf(set) === "remediate");
  if (menders.length === 0) return resources;
  return Promise.all(resources.map((resource) => remediatedBy(menders, resource)));
}

async function remediatedBy(menders: readonly SetPolicy[], resource: PlainResource): Promise<PlainResource> {
  let current = resource;
  for (const mender of menders) {
    const props = await remediatedProps(mender, current);
    if (!props) continue;
    const { outputs } = current;
    current = { ...current, props, ...(outputs && { outputs: { ...outputs, ...props } }) };
  }
  return current;
}

async function remediatedProps(
  mender: SetPolicy,
  resource: PlainResource,
): Promise<Record<string, unknown> | undefined> {
  const { policy } = mender;
  if (!("remediateResource" in policy) || !policy.remediateResource) return undefined;
  // A remediation may change what it is given.
  const args = resourceArgs({ ...resource, props: structuredClone(resource.props) });
  try {
    const props = await policy.remediateResource({ ...args, ...surroundingsOf(mender) });
    return props ? unwrapAll(props) : undefined;
  } catch (error) {
    if (error instanceof NotApplicable || error instanceof UnknownValueError) return undefined;
    throw error;
  }
}
