import * as assert from "node:assert";
import { shapeFailures } from "../../../../../toolchain/plugins/kubernetes/preview/shape";
import type { KubeObject } from "../../../../../toolchain/plugins/kubernetes/object";
import { UNKNOWN } from "../../../../../toolchain/plugins/shared/values";

function configMap(metadata: unknown): KubeObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata } as KubeObject;
}

function properties(object: KubeObject): string[] {
  return shapeFailures(object).map(({ property }) => property);
}

describe("shapeFailures", () => {
  const good: KubeObject[] = [
    configMap({
      name: "a.b-c",
      labels: { "app.kubernetes.io/name": "x", empty: "" },
      annotations: { "a.b/C": "anything at all" },
    }),
    configMap({ name: UNKNOWN, labels: { a: UNKNOWN }, annotations: UNKNOWN }),
    configMap(UNKNOWN),
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: "system:Node-reader" },
    },
  ];
  for (const object of good) {
    it(`passes ${object.kind} ${JSON.stringify(object.metadata)}`, () => {
      assert.deepStrictEqual(shapeFailures(object), []);
    });
  }

  const bad: [KubeObject, string[]][] = [
    [{ metadata: { name: "a" } }, ["apiVersion", "kind"]],
    [configMap({ name: "Upper" }), ["metadata.name"]],
    [configMap({}), ["metadata.name"]],
    [configMap([]), ["metadata"]],
    [configMap({ name: "a", generateName: "a-" }), ["metadata.generateName"]],
    [configMap({ name: "a", namespace: "a.b" }), ["metadata.namespace"]],
    [configMap({ name: "a", labels: { a: 1 } }), ["metadata.labels.a"]],
    [configMap({ name: "a", labels: { a: "has space" } }), ["metadata.labels.a"]],
    [configMap({ name: "a", labels: { "b/c/d": "1" } }), ["metadata.labels.b/c/d"]],
    [configMap({ name: "a", annotations: { a: true } }), ["metadata.annotations.a"]],
    [{ apiVersion: "v1", kind: "Service", metadata: { name: "1st" } }, ["metadata.name"]],
    [{ apiVersion: "v1", kind: "Namespace", metadata: { name: "a.b" } }, ["metadata.name"]],
  ];
  for (const [object, expected] of bad) {
    it(`refuses ${JSON.stringify(object)}`, () => assert.deepStrictEqual(properties(object), expected));
  }

  it("says how to mend an annotation that is no text", () => {
    const [failure] = shapeFailures(configMap({ name: "a", annotations: { a: true } }));
    assert.strictEqual(failure?.reason, "Must be a text, but is true: put it in quotes.");
  });
});
