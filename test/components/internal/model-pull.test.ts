import assert from "node:assert";
import { pullContainer, pullContainerName } from "../../../components/internal/model-pull";
import { isDnsLabel } from "../../../components/internal/validation";
import { IMAGE, model } from "../support/examples";

describe("model pull", () => {
  it("names the version, its source and its digest", () => {
    const { args, env } = pullContainer(model("pp-ocrv4-rec", "4"), IMAGE, []);
    assert.ok(args.includes(model("pp-ocrv4-rec", "4").source));
    assert.ok(args.includes("b".repeat(64)));
    assert.deepEqual(env, []);
  });

  it("speaks without TLS only to the registries that are listed", () => {
    const { env } = pullContainer(model("a"), IMAGE, ["10.0.0.1:5000", "r.local"]);
    assert.deepEqual(env, [{ name: "SLIPWAY_INSECURE_REGISTRIES", value: "10.0.0.1:5000,r.local" }]);
  });

  it("makes a container name of every model name, and keeps them apart", () => {
    const names = ["a", "A", "a_b", "a.b", "a".repeat(63), `${"a".repeat(62)}b`].map((name) =>
      pullContainerName({ name, version: "1" }),
    );
    for (const name of names) assert.ok(isDnsLabel(name), name);
    assert.equal(new Set(names).size, names.length);
    assert.equal(names[0], "pull-a-1");
  });
});
