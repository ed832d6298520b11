import assert from "node:assert";
import { projectRoot } from "../../../../toolchain/paths";
import { commandProvider } from "../../../../toolchain/plugins/command/provider";
import { UNKNOWN } from "../../../../toolchain/plugins/shared";
import { SdkTypes } from "../../../../toolchain/plugins/shared/preview-only/sdk-types";

const provider = commandProvider({ version: "1.0.0", types: SdkTypes.find("@pulumi/command", projectRoot) });
const quiet = { debug() {}, info() {}, warn() {}, error() {}, status() {} };
const context = { signal: new AbortController().signal, log: quiet, urn: "", name: "build" };
const type = "command:local:Command";
const check = { ...context, type, oldInputs: {}, randomSeed: new Uint8Array() };

describe("commandProvider", () => {
  it("previews a command: what it prints comes later", async () => {
    const inputs = { create: "make image" };
    assert.deepStrictEqual(await provider.check({ ...check, newInputs: inputs }), { inputs, failures: [] });
    const { outputs } = await provider.create({ ...context, type, inputs, preview: true, timeoutSeconds: 0 });
    assert.deepStrictEqual([outputs.create, outputs.stdout], ["make image", UNKNOWN]);
  });

  it("knows what a command takes", async () => {
    const { failures } = await provider.check({ ...check, newInputs: { run: "make image" } });
    assert.deepStrictEqual(failures, [{ property: "run", reason: `${type} has no input \`run\`.` }]);
  });

  it("runs nothing", async () => {
    const create = { ...context, type, inputs: {}, preview: false, timeoutSeconds: 0 };
    await assert.rejects(provider.create(create), {
      message:
        'command:local:Command "build" is not created: the command plugin of this project only previews; ' +
        "run the official `pulumi` and install `pulumi plugin install resource command v1.0.0` to do it.",
    });
  });
});
