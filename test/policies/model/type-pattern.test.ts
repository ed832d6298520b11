import assert from "node:assert";
import { matchesType } from "../../../policies/model/type-pattern";

describe("matchesType", () => {
  it("takes any API version where the pattern leaves it open, and no other kind or group", () => {
    const patterns = ["kubernetes:apps/*:Deployment"];
    for (const type of ["kubernetes:apps/v1:Deployment", "kubernetes:apps/v1beta2:Deployment"]) {
      assert.ok(matchesType(type, patterns), type);
    }
    for (const type of [
      "kubernetes:apps/v1:DeploymentPatch",
      "kubernetes:xapps/v1:Deployment",
      "kubernetes:apps/a/b:Deployment",
      "",
    ]) {
      assert.ok(!matchesType(type, patterns), type);
    }
  });
});
