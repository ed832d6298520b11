import assert, { AssertionError } from "node:assert";
import {
  assertFails,
  assertIndeterminate,
  assertNotApplicable,
  assertPasses,
  type Outcome,
  type PlainResource,
  runPack,
  runPolicy,
  UNKNOWN,
} from "../../../policies/testing";

const service = (name: string, type: unknown): PlainResource => ({
  type: "kubernetes:core/v1:Service",
  name,
  props: { metadata: { name }, spec: { type } },
});
const [inside, open, unclear] = [
  service("inside", "ClusterIP"),
  service("open", "NodePort"),
  service("x", UNKNOWN),
];
const namespace: PlainResource = { type: "kubernetes:core/v1:Namespace", name: "team", props: {} };
const urn = (name: string): string => `urn:pulumi:test::test::kubernetes:core/v1:Service::${name}`;
const RULE = "service-node-port";

/** The message of an assertion that does not hold. */
function refusal(assertion: () => unknown): string {
  let message = "";
  assert.throws(assertion, (error) => {
    assert.ok(error instanceof AssertionError);
    message = error.message;
    return true;
  });
  return message;
}

describe("Assertions about outcomes", () => {
  let outcomes: Outcome[];
  before(async () => {
    outcomes = await runPack([inside, open, unclear, namespace], {
      settings: { rules: { "namespace-pod-security": "disabled" } },
    });
  });

  it("tell the four states of a resource apart", () => {
    assertPasses(outcomes, RULE, inside);
    assertFails(outcomes, RULE, open);
    assertIndeterminate(outcomes, RULE, unclear);
    assertNotApplicable(outcomes, RULE, namespace);
  });

  it("give what was said, for more to be asserted", () => {
    const [said, ...more] = assertFails(outcomes, RULE, open);
    assert.deepStrictEqual(more, []);
    assert.match(said!.message, /Service `open`/);
    assert.match(assertIndeterminate(outcomes, RULE)[0]!.message, /not known yet/);
  });

  it("say of a resource that should pass what was found, and what was found elsewhere", () => {
    const message = refusal(() => assertPasses(outcomes, RULE, open));
    assert.match(
      message,
      new RegExp(`^\`${RULE}\` must pass for ${urn("open")}; found:\\n- fail \\(\\w+\\) ${urn("open")}: `),
    );
    assert.match(message, new RegExp(`found elsewhere:\\n- indeterminate ${urn("x")}: `));
  });

  it("do not take a rule that is about another type, or about nothing, for one that passes", () => {
    assert.match(
      refusal(() => assertPasses(outcomes, RULE, namespace)),
      /must pass for .*::team; found:\n- not-applicable .*: another type\n/,
    );
    assert.match(
      refusal(() => assertPasses(outcomes, "container-image-digest")),
      /not-applicable/,
    );
    assertNotApplicable(outcomes, "container-image-digest");
  });

  it("need every resource to pass where none is named", () => {
    assert.match(
      refusal(() => assertPasses(outcomes, RULE)),
      /must pass; found:\n- fail .*\n- indeterminate /,
    );
    assert.match(
      refusal(() => assertFails(outcomes, RULE, inside)),
      /must fail for .*::inside; it passed\.\nfound elsewhere:/,
    );
    assert.match(
      refusal(() => assertIndeterminate(outcomes, RULE, inside)),
      /must be indeterminate for .*; it passed\./,
    );
    assert.match(
      refusal(() => assertNotApplicable(outcomes, RULE, inside)),
      /must not apply for .*; it passed\./,
    );
  });

  it("refuse a rule that was not asked, and one that the settings disable", () => {
    assert.strictEqual(
      refusal(() => assertPasses(outcomes, "namespace-pod-security")),
      "`namespace-pod-security` was not asked: the settings disable it.",
    );
    assert.match(
      refusal(() => assertPasses(outcomes, "service-nodeport")),
      /^`service-nodeport` is none of the rules that were asked\. Is it .*`service-node-port`/,
    );
  });

  it("refuse a resource that was not judged, and a copy of the outcomes", () => {
    assert.match(
      refusal(() => assertPasses(outcomes, RULE, service("other", "NodePort"))),
      /^.*::other is none of the resources that were judged:\n- .*::inside\n/,
    );
    assert.throws(
      () => assertPasses([...outcomes], RULE),
      /^TypeError: `outcomes` must be the very list that /,
    );
  });

  it("take what is said of a stack for said of each of its resources", async () => {
    const said = await runPolicy(
      {
        name: "whole",
        description: "",
        validateStack: ({ resources }, report) => {
          report("is half of one");
          if (resources.length === 1) report("is alone", resources[0]!.urn);
        },
      },
      [inside, open],
    );
    assertFails(said, "whole", open);
    assert.match(
      refusal(() => assertPasses(said, "whole", inside)),
      /\n- fail \(advisory\): is half of one$/,
    );
  });
});
