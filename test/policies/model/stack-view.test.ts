import assert from "node:assert";
import { StackView } from "../../../policies/model/stack-view";

const resource = (type: string, name: string, props: unknown = {}) => ({
  type,
  name,
  urn: `urn:${name}`,
  props,
});

describe("StackView", () => {
  const stack = new StackView([
    resource("aws:s3/bucket:Bucket", "a"),
    resource("aws:s3/bucketV2:BucketV2", "b"),
    resource("aws:s3/bucket:Bucket", "c"),
    resource("kubernetes:core/v1:ConfigMapList", "d", { items: [{ metadata: { name: "x" } }, {}] }),
  ]);
  const names = (...patterns: string[]): string[] => stack.ofTypes(patterns).map(({ name }) => name);

  it("finds resources by type and by pattern", () => {
    assert.deepStrictEqual(names("aws:s3/bucket:Bucket"), ["a", "c"]);
    assert.deepStrictEqual(names("aws:s3/*:Bucket", "aws:s3/*:BucketV2").sort(), ["a", "b", "c"]);
    assert.deepStrictEqual(names("aws:sqs/queue:Queue"), []);
  });

  it("finds the items of a list under their own type", () => {
    assert.deepStrictEqual(names("kubernetes:core/*:ConfigMap"), ["d", "d"]);
    assert.strictEqual(stack.ofKind("", "ConfigMap").length, 2);
  });

  it("hands on where a property's value comes from", () => {
    const view = new StackView([
      { ...resource("aws:s3/bucket:Bucket", "a"), dependencies: { policy: ["urn:b"] } },
    ]);
    assert.deepStrictEqual(view.ofTypes(["aws:s3/bucket:Bucket"])[0]?.dependencies, { policy: ["urn:b"] });
  });
});
