import assert from "node:assert";
import { projectRoot } from "../../../toolchain/paths";
import { awsProvider } from "../../../toolchain/plugins/aws/provider";
import { startProvider } from "../../../toolchain/plugins/shared";
import { Recorder } from "../../../toolchain/plugins/shared/preview-only/recorder";
import { SdkTypes } from "../../../toolchain/plugins/shared/preview-only/sdk-types";
import { withWorkspace } from "../../support/engine";

const program = (more = "") => `
  const aws = require("@pulumi/aws");
  const zones = aws.getAvailabilityZones();
  const trust = aws.iam.getPolicyDocumentOutput({
    statements: [{ actions: ["sts:AssumeRole"], principals: [{ type: "Service", identifiers: ["eks.amazonaws.com"] }] }],
  });
  const role = new aws.iam.Role("cluster", { assumeRolePolicy: trust.json });
  new aws.iam.RolePolicyAttachment("cluster", { role: role.name, policyArn: "arn:aws:iam::aws:policy/A" });
  const vpc = new aws.ec2.Vpc("main", { cidrBlock: "10.0.0.0/16", tags: { team: "serving" } });
  const subnets = [0, 1].map((index) => new aws.ec2.Subnet("private-" + index, {
    vpcId: vpc.id, cidrBlock: "10.0." + index + ".0/24", availabilityZone: zones.then(({ names }) => names[index]),
  }));
  const cluster = new aws.eks.Cluster("main", {
    roleArn: role.arn, vpcConfig: { subnetIds: subnets.map(({ id }) => id) },
  });
  new aws.eks.NodeGroup("gpu", {
    clusterName: cluster.name, nodeRoleArn: role.arn, subnetIds: subnets.map(({ id }) => id),
    scalingConfig: { desiredSize: 1, maxSize: 2, minSize: 1 }, instanceTypes: ["g5.xlarge"],
  });
  const models = new aws.s3.Bucket("Models");
  new aws.ecr.Repository("runtime");
  new aws.eks.Addon("dns", { clusterName: cluster.name, addonName: "coredns" });
  exports.trust = trust.json;
  exports.bucket = models.bucket;
  exports.endpoint = cluster.endpoint;
  ${more}
`;

const DOCKER = `
  const docker = require("@pulumi/docker");
  const image = new docker.Image("runtime", { imageName: "registry.test/runtime:1", build: { context: "." } });
  exports.digest = image.repoDigest;
`;

describe("preview-only plugins under the engine", function () {
  this.timeout(180_000);

  it("preview a cloud stack without an account, and refuse to make it", async () => {
    await withWorkspace(program(DOCKER), async (workspace) => {
      const preview = await workspace.preview();
      assert.strictEqual(preview.code, 0, preview.stdout + preview.stderr);
      assert.deepStrictEqual(preview.changes, { create: 12 });
      assert.match(preview.stdout, /endpoint: \[unknown\]/);
      assert.match(preview.stdout, /bucket *: "models-[0-9a-f]{7}"/);

      const up = await workspace.up();
      assert.notStrictEqual(up.code, 0);
      const refused = up.diagnostics.filter(({ message }) =>
        /only previews; run the official `pulumi`/.test(message),
      );
      assert.ok(refused.length > 0, up.stdout);
      assert.deepStrictEqual(
        up.steps.filter(({ op }) => op === "create").flatMap(({ outputs }) => outputs.arn ?? []),
        [],
      );
    });
  });

  it("compare a second preview with what a test recorded", async () => {
    const types = SdkTypes.find("@pulumi/aws", projectRoot);
    const recording = await startProvider(
      awsProvider({ version: "7.48.0", types, recorder: new Recorder() }),
    );
    try {
      const env = { PULUMI_DEBUG_PROVIDERS: `aws:${recording.port}` };
      await withWorkspace(
        program(),
        async (workspace) => {
          const up = await workspace.up();
          assert.strictEqual(up.code, 0, up.stdout + up.stderr);
          assert.deepStrictEqual((await workspace.preview()).changes, { same: 11 });
          assert.deepStrictEqual((await workspace.preview("--refresh")).changes, { same: 11 });

          await workspace.writeProgram(
            program().replace("g5.xlarge", "g6.xlarge").replace("maxSize: 2", "maxSize: 3"),
          );
          const steps = (await workspace.preview()).steps.filter(({ op }) => op === "replace");
          assert.deepStrictEqual(
            steps.map(({ name, detailedDiff }) => [
              name,
              Object.fromEntries(
                Object.entries(detailedDiff).map(([path, { diffKind }]) => [path, diffKind]),
              ),
            ]),
            [["gpu", { "instanceTypes[0]": "update-replace", "scalingConfig.maxSize": "update" }]],
          );
          assert.strictEqual((await workspace.destroy()).code, 0);
        },
        { env },
      );
    } finally {
      recording.close();
    }
  });
});
