import assert from "node:assert/strict";
import { InputError } from "../../audit/input-error";
import { configure } from "../../audit/policy-config";
import { withSettings } from "../../audit/rules";
import { configured, hasDeployment, noBad } from "./support/rules";

const worded = {
  ...noBad,
  configSchema: { properties: { word: { type: "string" as const, maxLength: 4 } } },
};
const RULES = [configured(worded), configured(hasDeployment, "advisory")];

const levels = (text: string) => configure(RULES, text).map(({ enforcement }) => enforcement);

describe("configure", () => {
  it("leaves what is not named as it is", () => assert.deepEqual(levels("{}"), ["mandatory", "advisory"]));

  it("takes a level alone", () => {
    assert.deepEqual(levels('{"has-deployment": "disabled"}'), ["mandatory", "disabled"]);
  });

  it("takes a level for all, and one for a rule before it", () => {
    assert.deepEqual(levels('{"no-bad": "mandatory", "all": "advisory"}'), ["mandatory", "advisory"]);
    assert.deepEqual(levels('{"all": {"enforcementLevel": "disabled"}}'), ["disabled", "disabled"]);
  });

  it("takes parameters, without the level among them", () => {
    const [first] = configure(RULES, '{"no-bad": {"enforcementLevel": "remediate", "word": "evil"}}');
    assert.deepEqual([first?.enforcement, first?.config], ["remediate", { word: "evil" }]);
  });

  const refused: Readonly<Record<string, [string, string | RegExp]>> = {
    "no JSON": ["{", /^line 1: is not valid JSON \(/],
    "a rule named twice": [
      '{"no-bad": "advisory",\n "no-bad": "disabled"}',
      /^line 2: is not valid JSON \(Map keys must be unique/,
    ],
    "a list": ["[]", "must be an object of rules, not a list"],
    "a rule that is not there": [
      '{\n "nope": "advisory"\n}',
      "line 2: there is no rule `nope`; docs/reference/policies.md lists them",
    ],
    "a prototype's name": [
      '{"__proto__": "advisory"}',
      "line 1: there is no rule `__proto__`; docs/reference/policies.md lists them",
    ],
    "a level that is none": [
      '{"no-bad":\n "strict"}',
      'line 2: `no-bad`: "strict" must be one of: advisory, mandatory, remediate, disabled',
    ],
    "a level that is a number": [
      '{"all": 1}',
      "line 1: `all`: a number must be one of: advisory, mandatory, remediate, disabled",
    ],
    "a parameter of another type": ['{"no-bad": {"word": 1}}', "line 1: `no-bad`: `word` must be string"],
    "a parameter beyond its bounds": [
      '{"no-bad": {"word": "wicked"}}',
      "line 1: `no-bad`: `word` must NOT have more than 4 characters",
    ],
    "a parameter that is not there": [
      '{"no-bad": {"words": "x"}}',
      "line 1: `no-bad`: there is no parameter `words`; it takes: word",
    ],
    "a parameter of a rule without any": [
      '{"has-deployment": {"word": "x"}}',
      "line 1: `has-deployment`: there is no parameter `word`; it takes none",
    ],
  };
  for (const [name, [text, message]] of Object.entries(refused)) {
    it(`refuses ${name}`, () => {
      assert.throws(
        () => configure(RULES, text),
        (error: Error) => {
          assert.ok(error instanceof InputError);
          if (typeof message === "string") assert.equal(error.message, message);
          else assert.match(error.message, message);
          return true;
        },
      );
    });
  }
});

describe("withSettings", () => {
  it("takes levels and parameters of the rules that are named", () => {
    const rules = withSettings(RULES, { "no-bad": { word: "evil" }, "has-deployment": "mandatory" });
    assert.deepEqual(
      rules.map(({ enforcement, config }) => [enforcement, config]),
      [
        ["mandatory", { word: "evil" }],
        ["mandatory", {}],
      ],
    );
  });

  it("is overruled by a configuration file, parameter by parameter", () => {
    const [first] = configure(withSettings(RULES, { "no-bad": { word: "evil" } }), '{"no-bad": "advisory"}');
    assert.deepEqual([first?.enforcement, first?.config], ["advisory", { word: "evil" }]);
  });
});
