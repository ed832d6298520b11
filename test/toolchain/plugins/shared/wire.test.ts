import assert from "node:assert";
import fc from "fast-check";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import {
  Archive,
  Asset,
  ResourceReference,
  Secret,
  UNKNOWN,
} from "../../../../toolchain/plugins/shared/values";
import type { Properties } from "../../../../toolchain/plugins/shared/values";
import { decodeProperties, encodeProperties } from "../../../../toolchain/plugins/shared/wire";

const SIGNATURE = "4dabf18193072939515e22adb298388d";

function roundTrip(properties: Properties): Properties {
  const bytes = encodeProperties(properties).serializeBinary();
  return decodeProperties(Struct.deserializeBinary(bytes));
}

describe("property wire format", () => {
  const cases: [string, Properties][] = [
    ["nothing", {}],
    [
      "plain values",
      { text: "a", number: 1.5, flag: false, nothing: null, list: [1, "b", []], map: { a: {} } },
    ],
    ["a secret with structure", { password: new Secret({ a: ["b"] }) }],
    ["an unknown inside a list", { list: [UNKNOWN, 1] }],
    ["a secret that is unknown", { token: new Secret(UNKNOWN) }],
    ["a secret deep inside", { spec: { env: [{ name: "A", value: new Secret("x") }] } }],
    ["keys that look like paths", { 'a.b/"c"': { "[0]": 1 } }],
  ];
  for (const [title, properties] of cases) {
    it(`keeps ${title}`, () => assert.deepStrictEqual(roundTrip(properties), properties));
  }

  it("keeps assets, archives and references", () => {
    const properties = {
      asset: new Asset({ text: "" }),
      archive: new Archive({ assets: { "index.js": new Asset({ path: "a.js" }) } }),
      other: new ResourceReference("urn:pulumi:dev::p::t:m:R::n", UNKNOWN, "1.2.3"),
    };
    const decoded = roundTrip(properties);
    assert.strictEqual((decoded.asset as Asset).fields.text, "");
    const inner = (decoded.archive as Archive).fields.assets?.["index.js"];
    assert.strictEqual((inner as Asset).fields.path, "a.js");
    assert.deepStrictEqual(decoded.other, properties.other);
  });

  it("leaves out what is undefined", () => {
    assert.deepStrictEqual(roundTrip({ a: undefined, b: { c: undefined } }), { b: {} });
  });

  it("keeps any JSON object as it is", () => {
    const json = fc.dictionary(fc.string(), fc.jsonValue()).map((value) => JSON.stringify(value));
    fc.assert(
      // `__proto__` is no key that any resource has.
      fc.property(
        json.filter((text) => !text.includes("__proto__")),
        (text) => {
          const properties = JSON.parse(text) as Properties;
          assert.deepStrictEqual(roundTrip(properties), properties);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("reads every placeholder of an unknown", () => {
    const placeholders = [
      "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
      "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
      "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
      "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
      "030794c1-ac77-496b-92df-f27374a8bd58",
      "e48ece36-62e2-4504-bad9-02848725956a",
      "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    ];
    for (const placeholder of placeholders) {
      assert.deepStrictEqual(decodeProperties(Struct.fromJavaScript({ a: placeholder })), { a: UNKNOWN });
    }
  });

  it("reads output values, known, unknown and secret", () => {
    const output = { [SIGNATURE]: "d0e6a833031e9bbcd3f4e8bde6ca49a4" };
    const struct = Struct.fromJavaScript({
      known: { ...output, value: "a", dependencies: ["urn"] },
      unknown: output,
      secret: { ...output, value: 1, secret: true },
    });
    assert.deepStrictEqual(decodeProperties(struct), { known: "a", unknown: UNKNOWN, secret: new Secret(1) });
  });

  it("refuses a signature that it does not know", () => {
    const struct = Struct.fromJavaScript({ a: { [SIGNATURE]: "other" } });
    assert.throws(() => decodeProperties(struct), {
      message: 'A property has the signature "other", which is not known.',
    });
  });
});
