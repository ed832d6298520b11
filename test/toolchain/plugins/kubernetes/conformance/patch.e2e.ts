import * as assert from "node:assert";
import type { Properties } from "../../../../../toolchain/plugins/shared/values";
import { Scenario } from "./scenario";

const CONFIG_MAP_PATCH = "kubernetes:core/v1:ConfigMapPatch";

describe("kubernetes plugin conformance: Patch resources", () => {
  let scenario: Scenario;
  before(async () => {
    scenario = await Scenario.start();
  });
  after(() => scenario?.stop());

  it("own single fields of an object, and give them up without touching the rest", async () => {
    await scenario.meddle(scenario.configMap("theirs", { theirs: "1" }));
    const patch = (data: { [key: string]: string }): Properties => scenario.configMap("theirs", data);
    const made = await scenario.make(CONFIG_MAP_PATCH, "patch", patch({ ours: "1" }));
    assert.deepStrictEqual((await scenario.look("v1", "ConfigMap", "theirs"))?.data, {
      theirs: "1",
      ours: "1",
    });
    const diff = await scenario.provider.diff(CONFIG_MAP_PATCH, "patch", made, patch({ ours: "2" }));
    assert.deepStrictEqual(diff.replaces, []);
    const updated = await scenario.provider.update(CONFIG_MAP_PATCH, "patch", made, patch({ ours: "2" }));
    assert.deepStrictEqual((await scenario.look("v1", "ConfigMap", "theirs"))?.data, {
      theirs: "1",
      ours: "2",
    });
    await scenario.provider.delete(CONFIG_MAP_PATCH, "patch", updated);
    assert.deepStrictEqual((await scenario.look("v1", "ConfigMap", "theirs"))?.data, { theirs: "1" });
  });

  it("need the name of what they patch", async () => {
    const inputs = scenario.configMap(undefined, { a: "1" });
    await assert.rejects(scenario.make(CONFIG_MAP_PATCH, "nameless", inputs), /name/);
  });
});
