import assert from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import {
  Problems,
  isDnsLabel,
  isHostName,
  isNodePort,
  plainValue,
} from "../../../components/internal/validation";

describe("validation", () => {
  it("throws once, with every problem and its property", () => {
    const problems = new Problems("InferenceService", "text");
    problems.check(true, "a", "fine");
    problems.check(false, "b", "1 must be 2");
    problems.add("c[0]", "is missing");
    assert.throws(
      () => problems.throwIfAny(),
      (error) => {
        assert.ok(pulumi.InputPropertiesError.isInstance(error));
        assert.equal(error.message, 'InferenceService "text": `b`: 1 must be 2; `c[0]`: is missing');
        assert.deepEqual(error.errors, [
          { propertyPath: "b", reason: "1 must be 2" },
          { propertyPath: "c[0]", reason: "is missing" },
        ]);
        return true;
      },
    );
  });

  it("does not throw without a problem", () => {
    new Problems("InferenceService", "text").throwIfAny();
  });

  it("sees plain values and leaves outputs for later", () => {
    assert.equal(plainValue("a"), "a");
    assert.equal(plainValue(pulumi.output("a")), undefined);
    assert.equal(plainValue(Promise.resolve("a")), undefined);
    assert.equal(plainValue(undefined), undefined);
  });

  it("knows names and ports", () => {
    for (const label of ["a", "a-1", "1a", "a".repeat(63)]) assert.ok(isDnsLabel(label), label);
    for (const label of ["", "-a", "a-", "A", "a.b", "a".repeat(64)]) assert.ok(!isDnsLabel(label), label);
    assert.ok(isHostName("models.example.com") && !isHostName("models..com") && !isHostName("a_b.com"));
    assert.ok(isNodePort(30000) && isNodePort(32767) && !isNodePort(29999) && !isNodePort(32768));
  });
});
