import * as assert from "node:assert";
import {
  apiVersionOf,
  isBuiltIn,
  isNamespacedByName,
  parseType,
} from "../../../../toolchain/plugins/kubernetes/kinds";

describe("parseType", () => {
  const cases: [string, string | undefined, string, string, boolean][] = [
    ["kubernetes:core/v1:Service", undefined, "v1", "Service", false],
    ["kubernetes:apps/v1:Deployment", "Deployment", "apps/v1", "Deployment", false],
    ["kubernetes:apps/v1:DeploymentPatch", "Deployment", "apps/v1", "Deployment", true],
    ["kubernetes:example.com/v1:CrossPatch", "CrossPatch", "example.com/v1", "CrossPatch", false],
    [
      "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute",
      undefined,
      "gateway.networking.k8s.io/v1",
      "HTTPRoute",
      false,
    ],
  ];
  for (const [type, inputKind, apiVersion, kind, patch] of cases) {
    it(`reads ${type}`, () => {
      const token = parseType(type, inputKind);
      assert.strictEqual(apiVersionOf(token.gvk), apiVersion);
      assert.strictEqual(token.gvk.kind, kind);
      assert.strictEqual(token.patch, patch);
    });
  }

  it("refuses other providers' types", () => {
    assert.throws(
      () => parseType("aws:s3/bucket:Bucket"),
      /is not a resource type of the kubernetes provider/,
    );
  });
});

describe("kinds without a cluster", () => {
  it("tells built-in groups from those that somebody installs", () => {
    for (const group of ["", "apps", "networking.k8s.io", "rbac.authorization.k8s.io"])
      assert.ok(isBuiltIn(group), group);
    for (const group of ["gateway.networking.k8s.io", "metrics.k8s.io", "example.com"])
      assert.ok(!isBuiltIn(group), group);
  });

  it("knows what lives in a namespace", () => {
    assert.ok(isNamespacedByName({ group: "", version: "v1", kind: "Pod" }));
    assert.ok(!isNamespacedByName({ group: "", version: "v1", kind: "Namespace" }));
    assert.ok(
      !isNamespacedByName({ group: "gateway.networking.k8s.io", version: "v1", kind: "GatewayClass" }),
    );
  });
});
