import { type PolicyResource, type StackValidationPolicy, UnknownValueError } from "@pulumi/policy";
import { answering, type Outcome } from "./outcome";
import type { PlainResource } from "./plain-resource";
import {
  levelOf,
  NotApplicable,
  notApplicable,
  type Policy,
  type PolicyOptions,
  type SetPolicy,
  surroundingsOf,
} from "./policy-options";
import { remediated } from "./remediate";
import { policyResources, type ResourceArgs, resourceArgs } from "./sdk-args";

/** Resources as the SDK hands them over, made once for all the policies of a run. */
interface Prepared {
  readonly each: readonly ResourceArgs[];
  readonly stack: PolicyResource[];
}

/** Runs one policy, of any CrossGuard pack, the way the engine would for these resources. */
export function runPolicy(
  policy: Policy,
  resources: readonly PlainResource[],
  options: PolicyOptions = {},
): Promise<Outcome[]> {
  return runPolicies([{ policy, options }], resources);
}

/** Runs policies one after the other, without those that are disabled. */
export async function runPolicies(
  policies: readonly SetPolicy[],
  resources: readonly PlainResource[],
): Promise<Outcome[]> {
  const enabled = policies.filter((set) => levelOf(set) !== "disabled");
  const mended = await remediated(resources, enabled);
  const prepared = { each: mended.map(resourceArgs), stack: policyResources(mended) };
  const outcomes: Outcome[] = [];
  const judged = new Map<string, ReadonlySet<string>>();
  for (const set of enabled) judged.set(set.policy.name, await ask(set, prepared, outcomes));
  const disabled = policies.filter((set) => levelOf(set) === "disabled").map(({ policy }) => policy.name);
  return answering(
    { resources: prepared.each.map(({ urn }) => urn), judged, disabled: new Set(disabled) },
    outcomes,
  );
}

/** Adds what a policy says to the outcomes. @returns the resources that it judged, by their URNs */
async function ask(set: SetPolicy, { each, stack }: Prepared, outcomes: Outcome[]): Promise<Set<string>> {
  const { policy } = set;
  const level = levelOf(set);
  // What is left after mending stops the operation.
  const enforcement = level === "remediate" ? "mandatory" : level;
  const add = (state: Outcome["state"], message: string, urn?: string): void => {
    outcomes.push({ rule: policy.name, enforcement, state, message, urn });
  };
  /** Whether the policy is about what it was shown. */
  const guarded = async (urn: string | undefined, run: () => Promise<void> | void): Promise<boolean> => {
    try {
      await run();
    } catch (error) {
      if (error instanceof NotApplicable) {
        add("not-applicable", error.message, urn);
        return false;
      }
      if (!(error instanceof UnknownValueError)) throw error;
      add("indeterminate", (error as Error).message, urn);
    }
    return true;
  };
  const surroundings = surroundingsOf(set);
  const judged = new Set<string>();
  if (isStackPolicy(policy)) {
    const args = { resources: stack, ...surroundings };
    const report = (message: string, urn?: string): void => add("fail", message, urn);
    if (await guarded(undefined, () => policy.validateStack(args, report))) {
      for (const { urn } of each) judged.add(urn);
    }
    return judged;
  }
  const { validateResource = () => notApplicable("Policy does not implement validateResource") } = policy;
  for (const validate of [validateResource].flat()) {
    for (const resource of each) {
      const { urn } = resource;
      const args = { ...resource, ...surroundings };
      if (await guarded(urn, () => validate(args, (message) => add("fail", message, urn)))) judged.add(urn);
    }
  }
  return judged;
}

function isStackPolicy(policy: Policy): policy is StackValidationPolicy {
  return "validateStack" in policy;
}
