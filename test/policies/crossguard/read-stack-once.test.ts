import assert from "node:assert/strict";
import type { PolicyPackArgs, PolicyResource, StackValidationArgs } from "@pulumi/policy";
import type { Answer, Call, Handler } from "../../../policies/crossguard/answer-by-type";
import { readStackOnce } from "../../../policies/crossguard/read-stack-once";

type Policies = PolicyPackArgs["policies"];

const EMPTY: Answer = { getNotApplicableList: () => [] };
const callOf = (...names: string[]) =>
  ({ request: { getResourcesList: () => names.map((name) => ({ name })) } }) as unknown as Call;

/** Stands for the SDK, which makes objects of the resources for each of the stack's policies. */
function sdk() {
  let made = 0;
  const make =
    (policies: Policies): Handler =>
    async ({ request }, callback) => {
      const list = (request as unknown as { getResourcesList(): PolicyResource[] }).getResourcesList();
      try {
        for (const policy of policies) {
          if (!("validateStack" in policy)) continue;
          const resources = list.map(({ name }) => ({ name: (made++, name) }));
          await policy.validateStack({ resources } as unknown as StackValidationArgs, () => {});
        }
      } catch (error) {
        return callback(error);
      }
      callback(undefined, EMPTY);
    };
  return { make, made: () => made };
}

function ask(handler: Handler, call: Call): Promise<Answer | undefined> {
  return new Promise((resolve, reject) => {
    void handler(call, (error, answer) => (error ? reject(error as Error) : resolve(answer)));
  });
}

describe("readStackOnce", () => {
  const seen: string[] = [];
  const lists = new Set<readonly PolicyResource[]>();
  const policies: Policies = ["a", "b"].map((name) => ({
    name,
    description: name,
    validateStack: ({ resources }) => {
      lists.add(resources);
      seen.push(`${name}: ${resources.map((resource) => resource.name).join(" ")}`);
    },
  }));
  const ofResources = { name: "c", description: "c", validateResource: () => {} };

  beforeEach(() => {
    seen.length = 0;
    lists.clear();
  });

  it("has resources made once, and gives every rule the same list of them", async () => {
    const { make, made } = sdk();
    const answer = await ask(readStackOnce([...policies, ofResources], make), callOf("x", "y"));
    assert.equal(answer, EMPTY);
    assert.deepEqual(seen, ["a: x y", "b: x y"]);
    assert.equal(lists.size, 1);
    assert.equal(made(), 2);
  });

  it("keeps stacks apart that are asked about at the same time", async () => {
    const handler = readStackOnce(policies, sdk().make);
    await Promise.all([ask(handler, callOf("x")), ask(handler, callOf("y"))]);
    assert.deepEqual([...seen].sort(), ["a: x", "a: y", "b: x", "b: y"]);
  });

  it("hands on an error in reading, and asks no rule", async () => {
    const broken = { request: { getResourcesList: () => [{}, null] } } as unknown as Call;
    await assert.rejects(ask(readStackOnce(policies, sdk().make), broken), TypeError);
    assert.deepEqual(seen, []);
  });
});
