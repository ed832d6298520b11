import * as assert from "node:assert";
import { diffObject } from "../../../../../toolchain/plugins/kubernetes/diff";
import { immutableFields } from "../../../../../toolchain/plugins/kubernetes/diff/immutable-fields";
import { gvkOf } from "../../../../../toolchain/plugins/kubernetes/kinds";
import { Secret, UNKNOWN } from "../../../../../toolchain/plugins/shared/values";
import type { Properties } from "../../../../../toolchain/plugins/shared/values";

function kinds(before: Properties, after: Properties, immutable: string[] = []): { [path: string]: string } {
  return Object.fromEntries(
    Object.entries(diffObject(before, after, immutable)).map(([path, { kind }]) => [path, kind]),
  );
}

describe("diffObject", () => {
  it("names each property that changes, and how", () => {
    const before = { spec: { a: 1, b: 2, list: [{ x: 1 }, { x: 2 }] } };
    const after = { spec: { a: 1, c: 3, list: [{ x: 1 }, { x: 3 }, { x: 4 }] } };
    assert.deepStrictEqual(kinds(before, after), {
      "spec.b": "delete",
      "spec.c": "add",
      "spec.list[1].x": "update",
      "spec.list[2]": "add",
    });
  });

  it("quotes keys with dots", () => {
    const labels = (value: string) => ({ metadata: { labels: { "app.kubernetes.io/name": value } } });
    assert.deepStrictEqual(Object.keys(kinds(labels("a"), labels("b"))), [
      'metadata.labels["app.kubernetes.io/name"]',
    ]);
  });

  it("replaces where an immutable field, or anything below it, changes", () => {
    const selector = (app: string) => ({ spec: { selector: { matchLabels: { app } } } });
    assert.deepStrictEqual(kinds(selector("a"), selector("b"), ["spec.selector"]), {
      "spec.selector.matchLabels.app": "update-replace",
    });
  });

  it("replaces where a subtree with an immutable field comes or goes as a whole", () => {
    assert.deepStrictEqual(kinds({}, { spec: { clusterIP: "None" } }, ["spec.clusterIP"]), {
      spec: "add-replace",
    });
    assert.deepStrictEqual(kinds({}, { spec: { ports: [] } }, ["spec.clusterIP"]), { spec: "add" });
  });

  it("matches elements of lists", () => {
    const pod = (image: string) => ({ spec: { containers: [{ name: "a", image }] } });
    assert.deepStrictEqual(kinds(pod("1"), pod("2"), ["spec.containers[*].image"]), {
      "spec.containers[0].image": "update-replace",
    });
    assert.deepStrictEqual(kinds(pod("1"), { spec: { containers: [] } }, ["spec.containers[*].image"]), {
      "spec.containers[0]": "delete-replace",
    });
  });

  it("takes a value that is not known yet for a change", () => {
    assert.deepStrictEqual(kinds({ data: { a: "1" } }, { data: { a: UNKNOWN } }), { "data.a": "update" });
  });

  it("looks through secrets, and at nothing that only a server writes", () => {
    assert.deepStrictEqual(kinds({ data: { a: "1" } }, { data: { a: new Secret("1") } }), {});
    assert.deepStrictEqual(kinds({ metadata: { uid: "1" } }, { metadata: { uid: "2" } }), {});
  });

  it("knows that one quantity has several spellings", () => {
    const limits = (cpu: string | number) => ({ resources: { limits: { cpu } } });
    assert.deepStrictEqual(kinds(limits("1000m"), limits(1)), {});
    assert.deepStrictEqual(kinds(limits("1000m"), limits("1001m")), { "resources.limits.cpu": "update" });
    assert.deepStrictEqual(kinds({ data: { a: "1000m" } }, { data: { a: "1" } }), { "data.a": "update" });
  });
});

describe("immutableFields", () => {
  const never = { configMaps: false, secrets: false };
  const cases: [string, string, string][] = [
    ["apps/v1", "Deployment", "spec.selector"],
    ["apps/v1", "StatefulSet", "spec.volumeClaimTemplates"],
    ["batch/v1", "Job", "spec.template"],
    ["v1", "Service", "spec.clusterIP"],
    ["v1", "PersistentVolumeClaim", "spec.storageClassName"],
    ["v1", "Pod", "spec.containers[*].image"],
    ["v1", "ConfigMap", "data"],
    ["v1", "Secret", "stringData"],
    ["v1", "Secret", "type"],
    ["rbac.authorization.k8s.io/v1", "RoleBinding", "roleRef"],
    ["storage.k8s.io/v1", "StorageClass", "provisioner"],
    ["example.com/v1", "Widget", "metadata.name"],
  ];
  for (const [apiVersion, kind, field] of cases) {
    it(`replaces a ${kind} on ${field}`, () => {
      assert.ok(immutableFields(gvkOf(apiVersion, kind), false, never).includes(field));
    });
  }

  it("changes ConfigMaps and Secrets in place where the provider allows it, but never immutable ones", () => {
    const both = { configMaps: true, secrets: true };
    for (const kind of ["ConfigMap", "Secret"]) {
      assert.ok(!immutableFields(gvkOf("v1", kind), false, both).includes("data"));
      assert.ok(immutableFields(gvkOf("v1", kind), true, both).includes("data"));
    }
  });
});
