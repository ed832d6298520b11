import assert from "node:assert";
import { dockerProvider } from "../../../../toolchain/plugins/docker/provider";
import { projectRoot } from "../../../../toolchain/paths";
import { UNKNOWN } from "../../../../toolchain/plugins/shared";
import { SdkTypes } from "../../../../toolchain/plugins/shared/preview-only/sdk-types";

const provider = dockerProvider({ version: "5.0.0", types: SdkTypes.find("@pulumi/docker", projectRoot) });
const quiet = { debug() {}, info() {}, warn() {}, error() {}, status() {} };
const context = { signal: new AbortController().signal, log: quiet, urn: "", name: "web" };
const IMAGE = "docker:index/image:Image";

describe("dockerProvider", () => {
  it("previews an image: its name is the program's, its digest comes later", async () => {
    const inputs = { imageName: "registry.test/web:1", build: { context: "." } };
    const check = { ...context, type: IMAGE, oldInputs: {}, newInputs: inputs, randomSeed: new Uint8Array() };
    assert.deepStrictEqual(await provider.check(check), { inputs, failures: [] });
    const create = { ...context, type: IMAGE, inputs, preview: true, timeoutSeconds: 0 };
    const { outputs } = await provider.create(create);
    assert.deepStrictEqual([outputs.imageName, outputs.repoDigest], ["registry.test/web:1", UNKNOWN]);
  });

  it("names a container", async () => {
    const type = "docker:index/container:Container";
    const newInputs = { image: "a" };
    const check = { ...context, type, oldInputs: {}, newInputs, randomSeed: new Uint8Array([1]) };
    assert.match(String((await provider.check(check)).inputs.name), /^web-[0-9a-f]{7}$/);
  });

  it("refuses to build", async () => {
    const create = { ...context, type: IMAGE, inputs: {}, preview: false, timeoutSeconds: 0 };
    await assert.rejects(provider.create(create), {
      message:
        'docker:index/image:Image "web" is not created: the docker plugin of this project only previews; ' +
        "run the official `pulumi` and install `pulumi plugin install resource docker v5.0.0` to do it.",
    });
  });
});
