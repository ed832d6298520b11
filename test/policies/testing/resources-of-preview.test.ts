import assert from "node:assert";
import { resourcesOfPreview, UNKNOWN } from "../../../policies/testing";

const URN = "urn:pulumi:dev::shop::kubernetes:core/v1:ConfigMap::settings";
const KEY = "urn:pulumi:dev::shop::tls:index/privateKey:PrivateKey::key";
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const state = {
  urn: URN,
  type: "kubernetes:core/v1:ConfigMap",
  custom: true,
  parent: "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev",
  protect: true,
  inputs: { __defaults: [], data: { token: "[secret]", key: UNKNOWN }, metadata: { name: "settings" } },
  dependencies: [KEY],
  propertyDependencies: { data: [KEY], metadata: null },
  ignoreChanges: ["data"],
};
const expected = {
  urn: URN,
  type: "kubernetes:core/v1:ConfigMap",
  name: "settings",
  props: { data: { token: UNKNOWN, key: UNKNOWN }, metadata: { name: "settings" } },
  dependencies: { data: [KEY], metadata: [] },
  dependsOn: [KEY],
  ignoreChanges: ["data"],
  options: { protect: true, additionalSecretOutputs: [], parent: state.parent },
};
const gone = { op: "delete", urn: "urn:x", oldState: state };

const log = (...events: object[]): string =>
  [...events, { summaryEvent: { isPreview: true } }].map((event) => `${JSON.stringify(event)}\n`).join("");

describe("resourcesOfPreview", () => {
  it("reads what a preview prints", () => {
    const steps = [
      { op: "create", urn: URN, newState: state },
      gone,
      { op: "read", urn: KEY, newState: { urn: KEY } },
    ];
    assert.deepStrictEqual(resourcesOfPreview(JSON.stringify({ steps, changeSummary: { create: 1 } })), [
      expected,
    ]);
  });

  it("takes outputs where the provider has answered", () => {
    const outputs = { data: {}, status: "made" };
    const steps = [{ op: "same", urn: URN, newState: { ...state, outputs } }];
    const [resource] = resourcesOfPreview(JSON.stringify({ steps }));
    assert.deepStrictEqual(resource?.outputs, outputs);
  });

  it("has no resources where nothing changes", () =>
    assert.deepStrictEqual(resourcesOfPreview('{ "changeSummary": {} }'), []));

  it("reads an event log, of each resource the last that was said", () => {
    const secret = { [SIGNATURE]: SECRET, ciphertext: "AAAA" };
    const shown = { [SIGNATURE]: SECRET, plaintext: '"open"' };
    const announced = { ...state, inputs: { data: { token: "early" } } };
    const text = log(
      { resourcePreEvent: { metadata: { op: "create", urn: URN, new: announced } } },
      { diagnosticEvent: { severity: "info", message: "a word" } },
      {
        resOutputsEvent: {
          metadata: { op: "create", urn: URN, new: { ...state, inputs: { secret, shown } } },
        },
      },
      { resourcePreEvent: { metadata: { op: "delete", urn: KEY, old: state, new: null } } },
    );
    assert.deepStrictEqual(resourcesOfPreview(text), [
      { ...expected, props: { secret: UNKNOWN, shown: "open" }, outputs: {} },
    ]);
  });

  it("reads references to resources as the engine gives them to policies", () => {
    const reference = (id?: string) => ({ [SIGNATURE]: "5cf8f73096256a8f31e491e813e4eb8e", urn: KEY, id });
    const inputs = { made: reference("key-1"), later: reference(""), component: reference() };
    const [resource] = resourcesOfPreview(
      log({ resourcePreEvent: { metadata: { op: "create", urn: URN, new: { ...state, inputs } } } }),
    );
    assert.deepStrictEqual(resource?.props, { made: "key-1", later: UNKNOWN, component: KEY });
    assert.strictEqual(resource.outputs, undefined);
  });

  const refused: readonly [what: string, text: string, message: RegExp][] = [
    ["nothing", " \n", /^TypeError: `text` is empty; give what `pulumi preview --json --show-sames` prints/],
    [
      "a log that was cut off",
      '{"resourcePreEvent":{}}\n',
      /is no preview, or one that was cut off: it has no `summaryEvent`/,
    ],
    ["a state", '{"version":3,"deployment":{}}', /is no preview, or one that was cut off/],
    ["what a preview prints for people", "Previewing update (dev)\n", /has no event in line 1; give what/],
  ];
  for (const [what, text, message] of refused) {
    it(`refuses ${what}`, () => assert.throws(() => resourcesOfPreview(text), message));
  }
});
