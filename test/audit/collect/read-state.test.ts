import assert from "node:assert/strict";
import { InputError } from "../../../audit/input-error";
import { readState } from "../../../audit/collect/read-state";
import { UNKNOWN } from "../../../policies/model/unknown";
import { exported, stateResource } from "../support/rules";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const secret = { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:x:y" };

const web = stateResource("Deployment", "web");
const nested = (depth: number) => `${"[".repeat(depth)}1${"]".repeat(depth)}`;

describe("readState", () => {
  const shapes: Readonly<Record<string, unknown>> = {
    "what `pulumi stack export` prints": { version: 3, deployment: { manifest: {}, resources: [web] } },
    "a bare deployment": { manifest: {}, resources: [web] },
    "what a backend keeps": {
      version: 3,
      checkpoint: { stack: "dev", latest: { manifest: {}, resources: [web] } },
    },
  };
  for (const [name, document] of Object.entries(shapes)) {
    it(`reads ${name}`, () => {
      const { stack, resources } = readState(JSON.stringify(document));
      assert.deepEqual(stack, { project: "shop", stack: "dev" });
      assert.deepEqual(
        resources.map((resource) => resource.name),
        ["web"],
      );
    });
  }

  for (const empty of [{ deployment: { manifest: {} } }, { checkpoint: { stack: "dev", latest: null } }]) {
    it(`reads a stack without resources: ${JSON.stringify(empty)}`, () => {
      assert.deepEqual(readState(JSON.stringify({ version: 3, ...empty })), { resources: [] });
    });
  }

  it("hides secrets, encrypted ones and those in plain text, wherever they stand", () => {
    const spec = { token: secret, list: [1, { ...secret, plaintext: '"a"' }], open: "b" };
    const [resource] = readState(exported(stateResource("Deployment", "web", spec))).resources;
    const expected = { metadata: { name: "web" }, spec: { token: UNKNOWN, list: [1, UNKNOWN], open: "b" } };
    assert.deepEqual(resource?.inputs, expected);
    assert.deepEqual(resource?.outputs, expected);
  });

  it("reads the value of an output, and knows none where there is none", () => {
    const output = (more: object) => ({ [SIGNATURE]: "d0e6a833031e9bbcd3f4e8bde6ca49a4", ...more });
    const spec = { known: output({ value: { a: 1 } }), open: output({}) };
    const [resource] = readState(exported(stateResource("Deployment", "web", spec))).resources;
    assert.deepEqual((resource?.inputs as { spec: unknown }).spec, { known: { a: 1 }, open: UNKNOWN });
  });

  it("knows no outputs of a resource that has none", () => {
    const [resource] = readState(exported({ ...web, outputs: {} })).resources;
    assert.equal(resource?.outputs, UNKNOWN);
  });

  it("leaves out what is only waiting to be deleted", () => {
    assert.equal(readState(exported(web, { ...web, delete: true })).resources.length, 1);
  });

  it("passes dependencies on, whatever is wrong with them", () => {
    const propertyDependencies = { spec: ["urn:a", 1], metadata: "urn:b" };
    const [resource] = readState(exported({ ...web, propertyDependencies })).resources;
    assert.deepEqual(resource?.dependencies, { spec: ["urn:a"], metadata: [] });
  });

  it("passes on what updates leave as it is", () => {
    const ignored = (more: object) => readState(exported({ ...web, ...more })).resources[0]?.ignoreChanges;
    assert.deepEqual(ignored({ ignoreChanges: ["spec.replicas", 1] }), ["spec.replicas"]);
    assert.deepEqual(ignored({}), []);
  });

  it("takes names of an object's prototype for plain names", () => {
    const text = exported(web).replace('"spec":{}', '"spec":{"__proto__":{"bad":true},"constructor":1}');
    const [resource] = readState(text).resources;
    const { spec } = resource?.inputs as { spec: object };
    assert.deepEqual(Object.keys(spec), ["__proto__", "constructor"]);
    assert.equal((spec as { bad?: unknown }).bad, undefined);
  });

  const refused: Readonly<Record<string, [string, RegExp]>> = {
    "an empty file": [" \n", /^is empty$/],
    "a file that was cut off": [exported(web).slice(0, -9), /^is not whole JSON/],
    "another version": [
      '{"version":99,"deployment":{}}',
      /^has version 99; versions 3 and 4 of a deployment can be read$/,
    ],
    "a version of another kind": ['{"version":{},"deployment":{}}', /^has version \{\}; versions 3 and 4/],
    "no resources": [
      '{"version":3}',
      /^has no list `deployment\.resources`; `pulumi stack export --file FILE`/,
    ],
    "a list": ["[]", /^has no list `deployment\.resources`/],
    "a resource that is none": [
      exported("x" as unknown as object),
      /^`resources\[0\]` must have a `urn`, not be text$/,
    ],
    "a resource without a name": [
      exported({ type: "a:b:C" }),
      /^`resources\[0\]` must have a `urn`, not be an object$/,
    ],
    "a name that is none": [exported({ urn: "urn:x" }), /^has the resource name "urn:x", which must be like/],
    "a name with control characters": [
      exported({ urn: "\u001b[31m" }),
      /^has the resource name "\\u001b\[31m"/,
    ],
    "inputs that are a list": [
      exported({ ...web, inputs: [] }),
      /^`resources\[0\]` must have an object as `inputs`, not a list$/,
    ],
    "resources of two stacks": [
      exported(web, { ...web, urn: "urn:pulumi:prod::shop::a:b:C::x" }),
      /^has resources of two stacks: "urn:pulumi:prod::shop::a:b:C::x" is not of shop\/dev$/,
    ],
    "properties without an end": [
      exported({ ...web, inputs: { a: "HERE" } }).replace('"HERE"', nested(5000)),
      /^has properties nested deeper than 200 levels$/,
    ],
  };
  for (const [name, [text, message]] of Object.entries(refused)) {
    it(`refuses ${name}`, () => {
      assert.throws(
        () => readState(text),
        (error: Error) => {
          assert.ok(error instanceof InputError, String(error));
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }
});
