import assert from "node:assert";
import { isUnknown, UNKNOWN, UNKNOWN_MARKS } from "../../../policies/model/unknown";

describe("UNKNOWN_MARKS", () => {
  it("are the policy SDK's", () => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the SDK declares no types for its marks
    const sdk = require("@pulumi/policy/proxy") as Record<string, unknown>;
    const marks = Object.entries(sdk).flatMap(([name, value]) =>
      name.startsWith("unknown") && name.endsWith("Value") ? [value] : [],
    );
    assert.deepStrictEqual([...UNKNOWN_MARKS].sort(), marks.sort());
  });

  it("tell unknown values from others", () => {
    assert.ok(isUnknown(UNKNOWN));
    for (const value of ["", null, undefined, 0, {}, UNKNOWN + " "]) assert.ok(!isUnknown(value));
  });
});
