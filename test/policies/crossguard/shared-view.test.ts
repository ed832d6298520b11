import assert from "node:assert";
import { type PolicyResource, unknownCheckingProxy } from "@pulumi/policy";
import { viewOf } from "../../../policies/crossguard/shared-view";

const TYPE = "aws:sqs/queue:Queue";

function resource(
  name: string,
  props: object,
  sources: Record<string, PolicyResource[]> = {},
): PolicyResource {
  const urn = `urn:pulumi:test::test::${TYPE}::${name}`;
  const proxied = unknownCheckingProxy(props) as Record<string, unknown>;
  return {
    type: TYPE,
    name,
    urn,
    props: proxied,
    propertyDependencies: sources,
    opts: { ignoreChanges: [] },
  } as unknown as PolicyResource;
}

describe("viewOf", () => {
  const stack = [resource("a", { name: "a" }), resource("b", { name: "b" })];

  it("indexes a list of resources once", () => {
    const view = viewOf(stack);
    assert.strictEqual(viewOf(stack), view);
    const names = view.ofTypes([TYPE]).map(({ fields }) => fields.get("name").string());
    assert.deepStrictEqual(names, ["a", "b"]);
  });

  it("indexes another list anew, of the same resources too", () => {
    assert.notStrictEqual(viewOf([...stack]), viewOf(stack));
    assert.strictEqual(viewOf(stack.slice(1)).ofTypes([TYPE]).length, 1);
  });

  it("knows of which resources a property is made", () => {
    const [one] = stack;
    const [subject] = viewOf([resource("c", { name: "c" }, { name: [one!] })]).ofTypes([TYPE]);
    assert.deepStrictEqual(subject!.dependencies, { name: [one!.urn] });
  });
});
