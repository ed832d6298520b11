import assert from "node:assert";
import { catalog } from "../../../policies/catalog";
import { asOf } from "../../../policies/profiles/as-of";

const rules = catalog.map(({ rule }) => rule);

describe("asOf", () => {
  it("tells the rules that judge as of a day which day", () => {
    assert.deepStrictEqual(asOf({}, rules, "2026-10-01"), {
      "eks-version": { asOf: "2026-10-01" },
      "lambda-runtime": { asOf: "2026-10-01" },
    });
  });

  it("keeps what is set, the day of a rule included", () => {
    const given = {
      "eks-version": "mandatory" as const,
      "lambda-runtime": { asOf: "2026-01-01" },
      "service-node-port": "disabled" as const,
    };
    assert.deepStrictEqual(asOf(given, rules, "2026-10-01"), {
      "eks-version": { asOf: "2026-10-01", enforcementLevel: "mandatory" },
      "lambda-runtime": { asOf: "2026-01-01" },
      "service-node-port": "disabled",
    });
  });
});
