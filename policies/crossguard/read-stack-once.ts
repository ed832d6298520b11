import type { PolicyPackArgs, PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import type { Call, Handler } from "./answer-by-type";

type Policies = PolicyPackArgs["policies"];

/** The policy that hears a stack's resources; nobody is told what it says. */
const READER = "read-stack";

/** The SDK looks at nothing of the call but its resources. */
const NO_RESOURCES = { request: { getResourcesList: () => [] } } as unknown as Call;

/**
 * The SDK makes an object of every resource, with its options and what it depends on, for each stack rule anew: most of what
 * many rules take on a large stack. Here it does so once, and every rule is given the same objects.
 * @param make the SDK's own maker of the handler, for some of the policies
 */
export function readStackOnce(policies: Policies, make: (policies: Policies) => Handler): Handler {
  return (call, callback) => {
    let resources: PolicyResource[] = [];
    const reader: StackValidationPolicy = {
      name: READER,
      description: READER,
      enforcementLevel: "advisory",
      validateStack: (args) => void (resources = args.resources),
    };
    return make([reader])(call, (error) => {
      if (error) return callback(error);
      return make(policies.map((policy) => given(policy, resources)))(NO_RESOURCES, callback);
    });
  };
}

function given(policy: Policies[number], resources: PolicyResource[]): Policies[number] {
  if (!("validateStack" in policy)) return policy;
  const { validateStack } = policy;
  return { ...policy, validateStack: (args, report) => validateStack({ ...args, resources }, report) };
}
