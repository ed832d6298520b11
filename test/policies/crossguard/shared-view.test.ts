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
  // As the SDK does it for every rule: another proxy of the same properties.
  const proxied = unknownCheckingProxy(props) as Record<string, unknown>;
  return {
    type: TYPE,
    name,
    urn,
    props: proxied,
    propertyDependencies: sources,
  } as unknown as PolicyResource;
}

describe("viewOf", () => {
  const [a, b] = [{ name: "a" }, { name: "b" }];

  it("indexes a stack once for the rules that are asked one after the other", () => {
    const view = viewOf([resource("a", a), resource("b", b)]);
    assert.strictEqual(viewOf([resource("a", a), resource("b", b)]), view);
    const names = view.ofTypes([TYPE]).map(({ fields }) => fields.get("name").string());
    assert.deepStrictEqual(names, ["a", "b"]);
  });

  it("indexes anew where a resource came, went, was renamed or was read anew", () => {
    const view = viewOf([resource("a", a)]);
    const others = [[resource("a", a), resource("b", b)], [], [resource("c", a)], [resource("a", { ...a })]];
    for (const other of others) {
      assert.notStrictEqual(viewOf(other), view);
      assert.strictEqual(viewOf(other).ofTypes([TYPE]).length, other.length);
    }
  });

  it("indexes anew where a property comes from another resource", () => {
    const [one, two] = [resource("one", {}), resource("two", {})];
    const view = viewOf([resource("a", a, { name: [one] })]);
    assert.strictEqual(viewOf([resource("a", a, { name: [one] })]), view);
    const others: Record<string, PolicyResource[]>[] = [
      { name: [two] },
      { name: [one, two] },
      { name: [] },
      {},
      { other: [one] },
    ];
    for (const sources of others) {
      assert.notStrictEqual(viewOf([resource("a", a, sources)]), view);
    }
  });
});
