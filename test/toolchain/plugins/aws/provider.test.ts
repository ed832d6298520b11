import assert from "node:assert";
import { awsProvider } from "../../../../toolchain/plugins/aws/provider";
import { projectRoot } from "../../../../toolchain/paths";
import { hasUnknown, UNKNOWN } from "../../../../toolchain/plugins/shared";
import type { Properties } from "../../../../toolchain/plugins/shared";
import { Recorder } from "../../../../toolchain/plugins/shared/preview-only/recorder";
import { SdkTypes } from "../../../../toolchain/plugins/shared/preview-only/sdk-types";

const types = SdkTypes.find("@pulumi/aws", projectRoot);
const BUCKET = "aws:s3/bucket:Bucket";
const SUBNET = "aws:ec2/subnet:Subnet";
const quiet = { debug() {}, info() {}, warn() {}, error() {}, status() {} };
const context = { signal: new AbortController().signal, log: quiet };
const about = (type: string, name = "Models") => ({
  ...context,
  urn: `urn:pulumi:d::p::${type}::${name}`,
  name,
  type,
});
const randomSeed = Buffer.from("seed");

const provider = awsProvider({ version: "7.0.0", types });
const recording = awsProvider({ version: "7.0.0", types, recorder: new Recorder() });

function check(type: string, newInputs: Properties, oldInputs: Properties = {}) {
  return provider.check({ ...about(type), oldInputs, newInputs, randomSeed });
}

function refusalOf(what: string): { message: string } {
  const how = "run the official `pulumi` and install `pulumi plugin install resource aws v7.0.0` to do it.";
  return { message: `${what}: the aws plugin of this project only previews; ${how}` };
}

describe("awsProvider", () => {
  describe("check", () => {
    it("names what the program does not, in the form that the type wants", async () => {
      const { inputs, failures } = await check(BUCKET, {});
      assert.match(String(inputs.bucket), /^models-[0-9a-f]{7}$/);
      assert.deepStrictEqual(failures, []);
    });

    it("keeps a name once made, and takes the program's own or its prefix", async () => {
      assert.strictEqual((await check(BUCKET, {}, { bucket: "models-1" })).inputs.bucket, "models-1");
      assert.strictEqual((await check(BUCKET, { bucket: "mine" })).inputs.bucket, "mine");
      assert.strictEqual((await check(BUCKET, { bucketPrefix: "m" })).inputs.bucket, undefined);
    });

    it("knows required and unknown inputs from the SDK", async () => {
      const { failures } = await check("aws:eks/cluster:Cluster", { roleArn: UNKNOWN, subnets: [] });
      assert.deepStrictEqual(failures, [
        { property: "subnets", reason: "aws:eks/cluster:Cluster has no input `subnets`." },
        { property: "vpcConfig", reason: "`vpcConfig` is required." },
      ]);
    });
  });

  describe("diff", () => {
    async function kinds(type: string, oldInputs: Properties, newInputs: Properties) {
      const request = {
        ...about(type),
        id: "x",
        oldInputs,
        newInputs,
        oldOutputs: oldInputs,
        ignoreChanges: [],
      };
      const { detailed = {} } = await provider.diff(request);
      return Object.fromEntries(Object.entries(detailed).map(([path, { kind }]) => [path, kind]));
    }

    it("knows what cannot change in place", async () => {
      assert.deepStrictEqual(
        await kinds(BUCKET, { bucket: "a", tags: { a: "b" } }, { bucket: "b", tags: {} }),
        {
          bucket: "update-replace",
          "tags.a": "delete",
        },
      );
      assert.deepStrictEqual(await kinds(SUBNET, { vpcId: "a" }, { vpcId: "b" }), {
        vpcId: "update-replace",
      });
    });
  });

  describe("create", () => {
    const inputs = { bucket: "models", tags: { a: "b" } };
    const request = { ...about(BUCKET), inputs, timeoutSeconds: 0 };

    it("previews with the inputs, what can be told, and unknowns for the rest", async () => {
      const { id, outputs } = await provider.create({ ...request, preview: true });
      assert.strictEqual(id, "");
      assert.deepStrictEqual([outputs.bucket, outputs.arn], ["models", UNKNOWN]);
      assert.deepStrictEqual(outputs.tagsAll, { a: "b" });
      assert.match(String(outputs.region), /^[a-z]+-[a-z]+-\d$/);
      assert.strictEqual("forceDestroy" in outputs, false);
    });

    it("refuses anything real in one sentence", async () => {
      const state = { ...about(BUCKET), id: "x", oldInputs: inputs, oldOutputs: inputs, timeoutSeconds: 0 };
      await assert.rejects(
        provider.create({ ...request, preview: false }),
        refusalOf(`${BUCKET} "Models" is not created`),
      );
      await assert.rejects(
        provider.update({ ...state, newInputs: inputs, ignoreChanges: [], preview: false }),
        refusalOf(`${BUCKET} "Models" is not updated`),
      );
      await assert.rejects(provider.delete(state), refusalOf(`${BUCKET} "Models" is not deleted`));
      await assert.rejects(
        provider.read({ ...state, inputs, outputs: inputs }),
        refusalOf(`${BUCKET} "Models" is not read`),
      );
    });

    it("records for a test, the same every time", async () => {
      const made = await recording.create({ ...request, preview: false });
      assert.deepStrictEqual(await recording.create({ ...request, preview: false }), made);
      assert.strictEqual(hasUnknown(made.outputs), false);
      assert.match(String(made.outputs.arn), /^arn:aws:recorded:::Models-/);
    });
  });

  describe("invoke", () => {
    const invoke = (token: string, args: Properties, preview: boolean) =>
      provider.invoke({ ...context, token, args, preview });

    it("answers what needs no cloud at any time", async () => {
      const { result } = await invoke("aws:index/getPartition:getPartition", { region: "cn-north-1" }, false);
      assert.deepStrictEqual([result.partition, result.dnsSuffix], ["aws-cn", "amazonaws.com.cn"]);
    });

    it("makes up the rest for a preview only", async () => {
      const token = "aws:index/getAvailabilityZones:getAvailabilityZones";
      const { result } = await invoke(token, { region: "eu-central-1" }, true);
      assert.deepStrictEqual(result.names, ["eu-central-1a", "eu-central-1b", "eu-central-1c"]);
      await assert.rejects(invoke(token, {}, false), refusalOf(`The function "${token}" is not called`));
    });

    it("answers with known values alone, as the engine demands", async () => {
      const { result } = await invoke("aws:ssm/getParameter:getParameter", { name: "/a" }, true);
      assert.strictEqual(hasUnknown(result), false);
      assert.strictEqual(result.name, "/a");
    });

    it("refuses a function that it does not know", async () => {
      await assert.rejects(invoke("aws:x/y:z", {}, true), refusalOf('The function "aws:x/y:z" is not known'));
    });
  });

  it("uses the provider's region, account and default tags", async () => {
    const configured = awsProvider({ version: "7.0.0", types });
    const tags = JSON.stringify({ tags: { team: "serving" } });
    const config = { region: "eu-west-1", allowedAccountIds: ["111122223333"], defaultTags: tags };
    await configured.configure({ ...context, config });
    const { outputs } = await configured.create({
      ...about("aws:ec2/vpc:Vpc"),
      inputs: { tags: { a: "b" } },
      preview: true,
      timeoutSeconds: 0,
    });
    assert.deepStrictEqual([outputs.region, outputs.tagsAll], ["eu-west-1", { team: "serving", a: "b" }]);
    const token = "aws:index/getCallerIdentity:getCallerIdentity";
    const { result } = await configured.invoke({ ...context, token, args: {}, preview: true });
    assert.strictEqual(result.accountId, "111122223333");
  });
});
