import * as assert from "node:assert";
import { decodeYaml } from "../../../../toolchain/plugins/kubernetes/yaml-decode";

describe("decodeYaml", () => {
  it("reads every object and leaves the rest out", async () => {
    const text = "---\n# nothing\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\nfoo: bar\n";
    assert.deepStrictEqual(await decodeYaml(text), [
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } },
    ]);
  });

  it("gives a namespace to what lives in one and names none", async () => {
    const text = ["ConfigMap", "Namespace"].map(
      (kind) => `apiVersion: v1\nkind: ${kind}\nmetadata: {name: a}`,
    );
    const [configMap, namespace] = await decodeYaml(text.join("\n---\n"), { defaultNamespace: "n" });
    assert.deepStrictEqual(configMap?.metadata, { name: "a", namespace: "n" });
    assert.deepStrictEqual(namespace?.metadata, { name: "a" });
  });

  it("names the place of an error", async () => {
    await assert.rejects(decodeYaml("a: [1\nb: 2"), /^Error: The YAML cannot be read: .*line 2/);
  });
});
