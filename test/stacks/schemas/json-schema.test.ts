import assert from "node:assert/strict";
import { strictSchema } from "./json-schema";
import { kindsOfCrd, kindsOfDocument, type Crd, type OpenApiDocument } from "./kinds";
import { locationOf } from "./schema-folder";

describe("JSON schemas of what an API server takes", () => {
  const text = { type: "string" };

  it("refuse fields that the server does not know, at every depth", () => {
    const source = { type: "object", properties: { spec: { type: "object", properties: { a: text } } } };
    const spec = { type: "object", properties: { a: text }, additionalProperties: false };
    assert.deepEqual(strictSchema(source), {
      type: "object",
      properties: { spec },
      additionalProperties: false,
    });
  });

  it("take any field where the server keeps what it does not know, or maps any key", () => {
    const open = { type: "object", properties: { a: text }, "x-kubernetes-preserve-unknown-fields": true };
    assert.deepEqual(strictSchema(open), { type: "object", properties: { a: text } });
    const map = { type: "object", additionalProperties: text };
    assert.deepEqual(strictSchema(map), map);
  });

  it("leave the parts of alternatives open, which name some of the fields", () => {
    const part = { properties: { a: { enum: ["x"] } }, required: ["a"] };
    const source = { type: "object", properties: { a: text, b: text }, anyOf: [part], not: part };
    assert.deepEqual(strictSchema(source), { ...source, additionalProperties: false });
  });

  it("say in JSON Schema what OpenAPI 3.0 says otherwise", () => {
    const number = {
      type: "number",
      minimum: 0,
      exclusiveMinimum: true,
      maximum: 9,
      exclusiveMaximum: false,
    };
    assert.deepEqual(strictSchema(number), { type: "number", exclusiveMinimum: 0, maximum: 9 });
    assert.deepEqual(strictSchema({ ...text, nullable: true }), { type: ["string", "null"] });
    assert.deepEqual(strictSchema({ "x-kubernetes-int-or-string": true }), { type: ["integer", "string"] });
    const port = { type: "integer", format: "int32", maximum: 65_535, description: "a port", default: 80 };
    assert.deepEqual(strictSchema(port), { type: "integer", minimum: -(2 ** 31), maximum: 65_535 });
  });

  const meta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
  const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
  const kinds = (...groups: string[]) => groups.map((group) => ({ group, version: "v1", kind: "Thing" }));
  const core: OpenApiDocument = {
    components: {
      schemas: {
        thing: {
          type: "object",
          properties: { metadata: { allOf: [ref(meta)], default: {} } },
          "x-kubernetes-group-version-kind": kinds(""),
        },
        options: { type: "object", "x-kubernetes-group-version-kind": kinds("", "apps") },
        [meta]: { type: "object", properties: { owner: ref("owner") } },
        owner: text,
        stranger: text,
      },
    },
  };
  const definitions = {
    [meta]: {
      type: "object",
      properties: { owner: { $ref: "#/definitions/owner" } },
      additionalProperties: false,
    },
    owner: text,
  };

  it("carry all that they refer to, and nothing else", () => {
    assert.deepEqual(kindsOfDocument(core), [
      {
        apiVersion: "v1",
        kind: "Thing",
        schema: {
          type: "object",
          properties: { metadata: { allOf: [{ $ref: `#/definitions/${meta}` }] } },
          additionalProperties: false,
          definitions,
        },
      },
    ]);
  });

  it("of a CRD are those of the versions that are served, with every object's metadata", () => {
    const spec = { type: "object", properties: { a: text }, required: ["a"] };
    const schema = {
      openAPIV3Schema: { type: "object", properties: { metadata: { type: "object" }, spec } },
    };
    const crd: Crd = {
      kind: "CustomResourceDefinition",
      spec: {
        group: "example.com",
        names: { kind: "Widget" },
        versions: [
          { name: "v1", served: true, schema },
          { name: "v0", served: false, schema },
        ],
      },
    };
    assert.deepEqual(kindsOfCrd(crd, core), [
      {
        apiVersion: "example.com/v1",
        kind: "Widget",
        schema: {
          type: "object",
          properties: {
            apiVersion: text,
            kind: text,
            metadata: { $ref: `#/definitions/${meta}` },
            spec: { ...spec, additionalProperties: false },
          },
          additionalProperties: false,
          definitions,
        },
      },
    ]);
  });

  it("lie where kubeconform looks for them", () => {
    assert.equal(locationOf("v1", "ConfigMap"), "v1/v1/configmap.json");
    assert.equal(locationOf("apps/v1", "Deployment"), "apps/v1/deployment.json");
    assert.equal(
      locationOf("gateway.networking.k8s.io/v1", "HTTPRoute"),
      "gateway.networking.k8s.io/v1/httproute.json",
    );
  });
});
