import * as assert from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApiError, isTransient } from "../../../../toolchain/plugins/kubernetes/client/api-error";
import { mergePatch } from "../../../../toolchain/plugins/kubernetes/client/client-side";
import { UnknownKind } from "../../../../toolchain/plugins/kubernetes/client/cluster";
import { Connection } from "../../../../toolchain/plugins/kubernetes/client/connection";
import { readKubeconfig, selectTarget } from "../../../../toolchain/plugins/kubernetes/client/kubeconfig";
import { forcesApply, withoutForeignFields } from "../../../../toolchain/plugins/kubernetes/client/ownership";
import { fakeApiServer } from "./support";

const config = {
  "current-context": "one",
  clusters: [
    { name: "a", cluster: { server: "https://a" } },
    { name: "b", cluster: { server: "https://b" } },
  ],
  contexts: [
    { name: "one", context: { cluster: "a", user: "u", namespace: "ns" } },
    { name: "two", context: { cluster: "b" } },
  ],
  users: [{ name: "u", user: { token: "t" } }],
};

describe("kubeconfig", () => {
  it("takes contents, and the path of a file with paths relative to it", () => {
    assert.deepStrictEqual(readKubeconfig(JSON.stringify(config)), config);
    const folder = mkdtempSync(join(tmpdir(), "slipway-kubeconfig-"));
    try {
      const path = join(folder, "config");
      writeFileSync(path, "users: [{name: u, user: {client-key: keys/u.pem}}]");
      assert.strictEqual(readKubeconfig(path).users?.[0]?.user["client-key"], join(folder, "keys/u.pem"));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("refuses what is neither", () => {
    assert.throws(
      () => readKubeconfig("/no/such/file"),
      /is neither a file that exists nor the contents of one/,
    );
    assert.throws(() => readKubeconfig("{a: ["), /is neither YAML nor JSON/);
  });

  it("selects by context and cluster", () => {
    assert.strictEqual(selectTarget(config).cluster.server, "https://a");
    assert.strictEqual(selectTarget(config).namespace, "ns");
    assert.strictEqual(selectTarget(config, { context: "two" }).cluster.server, "https://b");
    assert.strictEqual(selectTarget(config, { cluster: "b" }).user.token, "t");
    assert.throws(
      () => selectTarget(config, { context: "three" }),
      /has no context "three"; it has "one", "two"\./,
    );
  });
});

describe("Cluster", () => {
  it("turns a Status into an error", async () => {
    const details = { kind: "pods", causes: [{ field: "spec", message: "bad" }] };
    const body = { kind: "Status", message: "refused", reason: "Invalid", details };
    const server = await fakeApiServer(() => ({ status: 422, body }));
    try {
      const getting = server.cluster.get({ gvk: { group: "", version: "v1", kind: "Pod" }, name: "p" });
      await assert.rejects(getting, (error) => {
        assert.ok(error instanceof ApiError);
        assert.deepStrictEqual([error.message, error.code, error.reason], ["refused", 422, "Invalid"]);
        assert.deepStrictEqual(error.details.causes, ["spec: bad"]);
        return true;
      });
    } finally {
      await server.stop();
    }
  });

  it("says that a kind is not served", async () => {
    const server = await fakeApiServer(() => undefined);
    try {
      const gvk = { group: "example.com", version: "v1", kind: "Widget" };
      await assert.rejects(server.cluster.get({ gvk, name: "w" }), UnknownKind);
      assert.strictEqual(await server.cluster.find({ gvk, name: "w" }), undefined);
    } finally {
      await server.stop();
    }
  });

  it("gives up on a server that does not answer", async () => {
    const server = await fakeApiServer(() => undefined);
    const { url } = server;
    await server.stop();
    const connection = new Connection({ cluster: { server: url }, user: {}, config: {}, context: "" });
    await assert.rejects(connection.request("GET", "/version"), /ECONNREFUSED/);
    connection.close();
  });
});

describe("ownership", () => {
  const managed = (manager: string, operation: string, fieldsV1 = {}) => ({
    metadata: { managedFields: [{ manager, operation, fieldsV1 }] },
  });

  it("takes fields over only where it may", () => {
    const plain = {};
    const forced = { metadata: { annotations: { "pulumi.com/patchForce": "true" } } };
    assert.ok(!forcesApply(plain, undefined, false));
    assert.ok(forcesApply(plain, undefined, true));
    assert.ok(forcesApply(forced, undefined, false));
    assert.ok(forcesApply(plain, { metadata: {} }, false));
    assert.ok(forcesApply(plain, managed("kubectl-client-side-apply", "Update"), false));
    assert.ok(!forcesApply(plain, managed("somebody", "Apply"), false));
  });

  it("leaves ignored fields out that somebody else owns, and only those", () => {
    const inputs = { spec: { replicas: 1, paused: true } };
    const fields = { "f:spec": { "f:replicas": {} } };
    const theirs = managed("autoscaler", "Update", fields);
    assert.deepStrictEqual(withoutForeignFields(inputs, theirs, "us", ["spec.replicas"]), {
      spec: { paused: true },
    });
    assert.deepStrictEqual(
      withoutForeignFields(inputs, managed("us", "Apply", fields), "us", ["spec.replicas"]),
      inputs,
    );
  });
});

describe("mergePatch", () => {
  it("removes with null, replaces lists as a whole", () => {
    const before = { a: 1, b: { c: 1, d: 2 }, list: [1, 2] };
    const after = { a: 1, b: { d: 3 }, list: [1] };
    assert.deepStrictEqual(mergePatch(before, after), { b: { c: null, d: 3 }, list: [1] });
  });
});

describe("isTransient", () => {
  const error = (code: number, message: string) => new ApiError(message, code, "", { causes: [] });
  it("takes an overloaded or restarting server for one that will answer", () => {
    for (const code of [429, 502, 503, 504]) assert.ok(isTransient(error(code, "")), String(code));
    assert.ok(isTransient(error(500, 'failed calling webhook "w"')));
    assert.ok(isTransient(Object.assign(new Error(), { code: "ECONNREFUSED" })));
  });

  it("takes an object that the server cannot read for a mistake", () => {
    assert.ok(!isTransient(error(500, "failed to create typed patch object: expected map")));
    assert.ok(!isTransient(error(422, "")));
    assert.ok(!isTransient(new Error("no")));
  });
});
