import assert from "node:assert";
import { given, Links } from "../../../policies/model/aws-links";
import { Field } from "../../../policies/model/field";
import type { PropertyDependencies, Subject } from "../../../policies/model/subject";
import { UNKNOWN } from "../../../policies/model/unknown";

const subject = (name: string, props: unknown, dependencies?: PropertyDependencies): Subject => ({
  type: "test:index:Thing",
  urn: `urn:${name}`,
  name,
  fields: new Field(props),
  ...(dependencies && { dependencies }),
});
const models = subject("models", { bucket: "models", arn: "arn:models" });
const logs = subject("logs", { bucket: UNKNOWN, arn: UNKNOWN });

/** What refers to which target, by their names. */
function linked(...referring: Subject[]): Record<string, string[]> {
  const links = new Links([models, logs], referring, "bucket", ["bucket", "arn"]);
  const names = (subjects: readonly Subject[]): string[] => subjects.map(({ name }) => name);
  return { models: names(links.to(models)), logs: names(links.to(logs)), open: names(links.open) };
}

describe("Links", () => {
  it("goes by any of a target's names", () => {
    assert.deepStrictEqual(
      linked(subject("a", { bucket: "models" }), subject("b", { bucket: "arn:models" })),
      {
        models: ["a", "b"],
        logs: [],
        open: [],
      },
    );
  });

  it("goes by where an unknown value comes from", () => {
    assert.deepStrictEqual(
      linked(subject("a", { bucket: UNKNOWN }, { bucket: ["urn:logs"], x: ["urn:models"] })),
      {
        models: [],
        logs: ["a"],
        open: [],
      },
    );
  });

  it("names a link once that both say", () => {
    assert.deepStrictEqual(linked(subject("a", { bucket: "models" }, { bucket: ["urn:models"] })), {
      models: ["a"],
      logs: [],
      open: [],
    });
  });

  it("leaves open what comes from elsewhere", () => {
    const elsewhere = subject("a", { bucket: UNKNOWN }, { bucket: ["urn:something-else"] });
    assert.deepStrictEqual(linked(elsewhere), { models: [], logs: [], open: ["a"] });
  });

  it("takes a known name that no target has for a foreign one", () => {
    assert.deepStrictEqual(linked(subject("a", { bucket: "foreign" })), { models: [], logs: [], open: [] });
  });
});

describe("given", () => {
  it("is what the program gave, known or not", () => {
    assert.strictEqual(given(subject("a", { policy: "p" }, { policy: [] }), "policy").value(), "p");
    assert.ok(given(subject("a", { policy: UNKNOWN }, { policy: [] }), "policy").isUnknown);
  });

  it("is nothing where the provider will fill the value in", () => {
    assert.strictEqual(given(subject("a", { policy: UNKNOWN }, {}), "policy").value(), undefined);
  });

  it("is the value as it is where nobody says what was given", () => {
    assert.ok(given(subject("a", { policy: UNKNOWN }), "policy").isUnknown);
  });
});
