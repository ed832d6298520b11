import assert from "node:assert";
import { isUnknown } from "../../../policies/model/unknown";
import { unwrapOutputs } from "../../../policies/model/unwrap";

describe("unwrapOutputs", () => {
  it("takes a resource without any output for one that is not known yet", () => {
    assert.ok(isUnknown(unwrapOutputs({})));
    assert.deepEqual(unwrapOutputs({ kind: "Service" }), { kind: "Service" });
  });
});
