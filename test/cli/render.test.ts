import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import type { StepRecord } from "../../cli/engine/events";
import { withEncodedPlaceholders, withoutUnknowns, writeObjects } from "../../cli/render";

const step = (type: string, inputs: Record<string, unknown>): StepRecord => ({
  op: "create",
  urn: `urn:pulumi:local::slipway::${type}::x`,
  type,
  provider: "",
  inputs,
});

describe("render", () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), "slipway-render-"))));
  afterEach(() => rmSync(dir, { recursive: true }));

  it("writes a Secret's unknown values as the API server wants values", () => {
    const secret = (data: object | string) => {
      const object = {
        apiVersion: "v1",
        kind: "Secret",
        type: "kubernetes.io/tls",
        data: data as Record<string, unknown>,
      };
      return withEncodedPlaceholders(object).data;
    };
    const encoded = Buffer.from("known-after-up").toString("base64");
    assert.deepEqual(secret({ a: "known-after-up", b: "YQ==" }), { a: encoded, b: "YQ==" });
    assert.deepEqual(secret("known-after-up"), { "tls.crt": encoded, "tls.key": encoded });
  });

  it("writes one file per Kubernetes object and none for anything else", () => {
    const files = writeObjects(
      [
        step("kubernetes:core/v1:Namespace", {
          apiVersion: "v1",
          kind: "Namespace",
          metadata: { name: "a" },
        }),
        step("kubernetes:core/v1:Secret", {
          apiVersion: "v1",
          kind: "Secret",
          metadata: { name: "b", namespace: "a" },
          __defaults: [],
        }),
        step("tls:index/privateKey:PrivateKey", { algorithm: "ECDSA" }),
        step("slipway:index:ServingStack", {}),
      ],
      dir,
    );
    assert.deepEqual(files, ["namespace_a.yaml", "a_secret_b.yaml"]);
    assert.deepEqual(readdirSync(dir).sort(), [...files].sort());
    assert.deepEqual(parse(readFileSync(join(dir, "a_secret_b.yaml"), "utf8")), {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "b", namespace: "a" },
    });
  });

  it("keeps a hostile name inside the folder", () => {
    const files = writeObjects(
      [step("kubernetes:core/v1:Pod", { apiVersion: "v1", kind: "Pod", metadata: { name: "../../etc/x" } })],
      dir,
    );
    assert.deepEqual(readdirSync(dir), files);
  });

  it("replaces unknown values wherever they stand", () => {
    const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    assert.deepEqual(withoutUnknowns({ a: [unknown], b: { c: `x-${unknown}`, d: 1, e: null } }), {
      a: ["known-after-up"],
      b: { c: "x-known-after-up", d: 1, e: null },
    });
  });
});
