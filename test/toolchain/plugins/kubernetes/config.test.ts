import * as assert from "node:assert";
import {
  checkProviderConfig,
  diffProviderConfig,
} from "../../../../toolchain/plugins/kubernetes/config-diff";
import { readConfig } from "../../../../toolchain/plugins/kubernetes/provider-config";
import { UNKNOWN } from "../../../../toolchain/plugins/shared/values";
import type { Properties } from "../../../../toolchain/plugins/shared/values";
import { recordingLog } from "./support";

function kubeconfig(server: string, token = "t"): string {
  return JSON.stringify({
    "current-context": "c",
    clusters: [{ name: "c", cluster: { server } }],
    contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
    users: [{ name: "u", user: { token } }],
  });
}

const context = {
  urn: "urn:pulumi:s::p::pulumi:providers:kubernetes::k",
  type: "pulumi:providers:kubernetes",
  name: "k",
  signal: new AbortController().signal,
  log: recordingLog(),
};

async function kinds(oldInputs: Properties, newInputs: Properties): Promise<{ [key: string]: string }> {
  const request = { ...context, id: "i", oldInputs, oldOutputs: oldInputs, newInputs, ignoreChanges: [] };
  const { detailed = {} } = await diffProviderConfig(request);
  return Object.fromEntries(Object.entries(detailed).map(([key, { kind }]) => [key, kind]));
}

describe("diffProviderConfig", () => {
  it("replaces where the cluster changes", async () => {
    assert.deepStrictEqual(
      await kinds({ kubeconfig: kubeconfig("https://a") }, { kubeconfig: kubeconfig("https://b") }),
      {
        kubeconfig: "update-replace",
      },
    );
  });

  it("does not where only the credentials do", async () => {
    const [a, b] = [kubeconfig("https://a", "1"), kubeconfig("https://a", "2")];
    assert.deepStrictEqual(await kinds({ kubeconfig: a }, { kubeconfig: b }), { kubeconfig: "update" });
  });

  it("expects the worst of a cluster that is not known yet", async () => {
    assert.deepStrictEqual(await kinds({ kubeconfig: kubeconfig("https://a") }, { kubeconfig: UNKNOWN }), {
      kubeconfig: "update-replace",
    });
  });

  it("ignores the plugin's version", async () => {
    assert.deepStrictEqual(await kinds({ version: "1" }, { version: "2" }), {});
  });
});

describe("checkProviderConfig", () => {
  it("refuses a cluster beside a folder to render into", async () => {
    const newInputs = { renderYamlToDirectory: "out", context: "c" };
    const { failures } = await checkProviderConfig({
      ...context,
      oldInputs: {},
      newInputs,
      randomSeed: new Uint8Array(),
    });
    assert.deepStrictEqual(failures, [
      { property: "context", reason: '"context" cannot be combined with "renderYamlToDirectory".' },
    ]);
  });
});

describe("readConfig", () => {
  it("takes booleans as such and as text, and has the official defaults", () => {
    const defaults = readConfig({});
    assert.strictEqual(defaults.serverSideApply, true);
    assert.strictEqual(defaults.patchForce, false);
    assert.strictEqual(readConfig({ enableServerSideApply: "false" }).serverSideApply, false);
    assert.strictEqual(readConfig({ enablePatchForce: true }).patchForce, true);
  });

  it("takes a kubeconfig as an object", () => {
    assert.strictEqual(readConfig({ kubeconfig: { kind: "Config" } }).kubeconfig, '{"kind":"Config"}');
  });
});
