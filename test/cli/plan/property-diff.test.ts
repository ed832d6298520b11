import assert from "node:assert/strict";
import fc from "fast-check";
import { formatPath, parsePath } from "../../../cli/plan/paths";
import {
  ENGINE_SECRET,
  only,
  planFor,
  replace,
  UNKNOWN,
  update,
  type Inputs,
  type Resource,
} from "./support";

const TYPE = "kubernetes:core/v1:ConfigMap";

const diffOf = (before: Inputs, after: Inputs, extra: Partial<Resource> = {}) =>
  only(update({ type: TYPE, before, after, ...extra })).properties.map(
    ({ risk: _risk, replaces: _replaces, ...property }) => property,
  );

describe("property differences", () => {
  it("have a path, a kind, and the values before and after, sorted by path", () => {
    assert.deepEqual(diffOf({ data: { b: "1", gone: true } }, { data: { b: "2", a: ["x"] } }), [
      { path: "data.a", kind: "add", to: '["x"]' },
      { path: "data.b", kind: "update", from: "1", to: "2" },
      { path: "data.gone", kind: "delete", from: true },
    ]);
  });

  it("lie where the provider says, down to the leaves", () => {
    const before = { spec: { a: 1, b: { c: 1 } }, status: 1 };
    const after = { spec: { a: 1, b: { c: 2 } }, status: 2 };
    assert.deepEqual(diffOf(before, after, { diff: { spec: "update" } }), [
      { path: "spec.b.c", kind: "update", from: 1, to: 2 },
    ]);
  });

  it("say which of them force the replacement", () => {
    const { properties } = only(
      replace({
        type: TYPE,
        before: { data: { a: "1" }, metadata: { labels: { x: "1" } } },
        after: { data: { a: "2" }, metadata: { labels: { x: "2" } } },
        diff: { "data.a": "update-replace", "metadata.labels.x": "update" },
        keys: ["data.a"],
      }),
    );
    assert.deepEqual(
      properties.map(({ path, replaces }) => [path, replaces]),
      [
        ["data.a", true],
        ["metadata.labels.x", false],
      ],
    );
  });

  it("name a forced replacement that the inputs do not show, such as another provider", () => {
    const change = only(
      replace({ type: TYPE, before: { a: 1 }, after: { a: 1 }, diff: {}, keys: ["provider"] }),
    );
    assert.equal(
      change.reason,
      "replaces the config map: `provider` changed; the new one is made first; pods that name it roll over to it",
    );
  });

  it("show what only the update can know as such", () => {
    assert.deepEqual(diffOf({ a: "1", b: "1" }, { a: UNKNOWN, b: `x-${UNKNOWN}` }), [
      { path: "a", kind: "update", from: "1", to: "known after apply" },
      { path: "b", kind: "update", from: "1", to: "known after apply" },
    ]);
  });

  it("shorten long values", () => {
    const [property] = diffOf({}, { a: "é".repeat(500) });
    assert.equal(property?.to, `${"é".repeat(120)}… (500 characters)`);
  });

  it("go into texts that hold JSON", () => {
    const policy = (action: string) => JSON.stringify({ Statement: [{ Action: [action], Effect: "Allow" }] });
    assert.deepEqual(diffOf({ policy: policy("s3:GetObject") }, { policy: policy("s3:*") }), [
      { path: "policy.Statement[0].Action[0]", kind: "update", from: "s3:GetObject", to: "s3:*" },
    ]);
  });

  it("do not mind another order of keys in such a text, and show the text itself where it stops being JSON", () => {
    assert.deepEqual(diffOf({ p: '{"a":1,"b":2}', q: 1 }, { p: '{"b":2,"a":1}', q: 2 }), [
      { path: "q", kind: "update", from: 1, to: 2 },
    ]);
    assert.deepEqual(diffOf({ p: '{"a":1}' }, { p: '{"a":' }), [
      { path: "p", kind: "update", from: '{"a":1}', to: '{"a":' },
    ]);
  });
});

describe("secrets in a plan", () => {
  const SECRET = "hunter2-hunter2";
  const KEY = "-----BEGIN EC PRIVATE KEY-----\nhunter2-hunter2";

  for (const [what, type, before, after] of [
    ["marked by the engine", TYPE, { a: ENGINE_SECRET }, { a: ENGINE_SECRET }],
    ["marked above", TYPE, { a: ENGINE_SECRET }, { a: { b: SECRET } }],
    ["of a Kubernetes Secret", "kubernetes:core/v1:Secret", { data: { a: "b" } }, { data: { a: SECRET } }],
    ["written for a Kubernetes Secret", "kubernetes:core/v1:Secret", {}, { stringData: { a: SECRET } }],
    ["by their key", TYPE, { masterPassword: "x" }, { masterPassword: SECRET }],
    ["in a list, by its key", TYPE, { passwords: ["x"] }, { passwords: [SECRET] }],
    ["in a list that is new, by its key", TYPE, {}, { passwords: [SECRET, "y"] }],
    ["in JSON", TYPE, { p: '{"clientSecret":"x"}' }, { p: `{"clientSecret":"${SECRET}"}` }],
    ["inside a list that is added whole", TYPE, {}, { users: [{ name: "a", password: SECRET }] }],
    [
      "in an environment variable",
      TYPE,
      { env: [{ name: "API_KEY", value: "x" }] },
      { env: [{ name: "API_KEY", value: SECRET }] },
    ],
    ["by their looks", TYPE, { a: "x" }, { a: KEY }],
    ["in an address", TYPE, { url: "https://a" }, { url: `https://user:${SECRET}@a` }],
  ] as const) {
    it(`are masked: ${what}`, () => {
      const resource = {
        type,
        before,
        after,
        diff: Object.fromEntries(Object.keys(after).map((k) => [k, "update"])),
      };
      const plan = planFor(update(resource));
      const text = JSON.stringify(plan);
      assert.ok(!text.includes("hunter2"), text);
      assert.match(text, /\[secret\]/);
      assert.equal(plan.changes[0]?.properties.length, 1, text);
    });
  }

  it("are masked, and names of Secrets are not", () => {
    const at = (secretName: string) => ({ spec: { volumes: [{ secret: { secretName } }] } });
    const properties = diffOf(at("text-tls-1"), at("text-tls-2"));
    assert.deepEqual(properties, [
      { path: "spec.volumes[0].secret.secretName", kind: "update", from: "text-tls-1", to: "text-tls-2" },
    ]);
  });
});

describe("property paths", () => {
  it("are read as the engine writes them", () => {
    assert.deepEqual(parsePath('spec.ports[0].name["a.b\\"c"]'), ["spec", "ports", 0, "name", 'a.b"c']);
  });

  it("are written so that they are read as the same", () => {
    const segment = fc.oneof(fc.string({ minLength: 1 }), fc.nat(1000));
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 5 }), (path) => {
        assert.deepEqual(parsePath(formatPath(path)), path);
      }),
    );
  });
});
