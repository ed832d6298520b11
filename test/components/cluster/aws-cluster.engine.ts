import assert from "node:assert";
import { projectRoot } from "../../../toolchain/paths";
import { withWorkspace } from "../../support/engine";
import { withRecordingAws } from "../../support/recording-aws";

const program = (pool: string) => `
  require("tsx/cjs");
  const { GpuNodePool, GpuSupport, PlatformServices, ServingCluster, ServingNetwork } = require(${JSON.stringify(`${projectRoot}/components`)});
  const network = new ServingNetwork("net");
  const cluster = new ServingCluster("serving", { network });
  const pool = new GpuNodePool("gpu", { cluster, ${pool} });
  const { provider } = cluster;
  const platform = new PlatformServices("platform", { provider, aws: { cluster, vpcId: network.vpcId } });
  new GpuSupport("gpus", { provider, pools: [pool] }, { dependsOn: [platform] });
  exports.resource = pool.resourceName;
  exports.kubeconfig = cluster.kubeconfig;
`;

const EKS = 'instanceTypes: ["g6.12xlarge"], sharing: { mode: "time-slicing", replicas: 4 }';
const KARPENTER = 'instanceTypes: ["g6.12xlarge"], provisioner: "karpenter", provider: cluster.provider';

describe("a cluster on AWS under the engine", function () {
  this.timeout(180_000);

  it("is previewed whole, offline and without an account", async () => {
    await withWorkspace(program(EKS), async (workspace) => {
      const preview = await workspace.preview();
      assert.strictEqual(preview.code, 0, preview.stdout + preview.stderr);
      assert.ok((preview.changes.create ?? 0) > 100, JSON.stringify(preview.changes));
      assert.match(preview.stdout, /resource *: "nvidia\.com\/gpu\.shared"/);
      const parents = preview.steps.filter(({ type }) => type.startsWith("aws:"));
      for (const { urn } of parents) assert.match(urn, /slipway:index:/, urn);
    });
  });

  it("is previewed with Karpenter's objects", async () => {
    await withWorkspace(program(KARPENTER), async (workspace) => {
      const preview = await workspace.preview();
      assert.strictEqual(preview.code, 0, preview.stdout + preview.stderr);
      const kinds = preview.steps.map(({ type }) => type);
      assert.ok(kinds.includes("kubernetes:karpenter.sh/v1:NodePool"), kinds.join(", "));
      assert.ok(kinds.includes("kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"));
    });
  });

  it("changes a group's size in place, and replaces it for another instance type", async () => {
    // Kubernetes objects are left out: there is no cluster that could take them.
    const nodes = (pool: string) => `
      require("tsx/cjs");
      const { GpuNodePool, ServingNetwork } = require(${JSON.stringify(`${projectRoot}/components`)});
      const network = new ServingNetwork("net", { zones: 2 });
      new GpuNodePool("gpu", {
        cluster: {
          clusterName: "serving", nodeSubnetIds: network.privateSubnetIds, nodeRoleArn: "arn:aws:iam::123456789012:role/n",
          nodeRoleName: "n", securityGroupId: "sg-1",
        },
        ${pool}
      });`;
    await withRecordingAws((env) =>
      withWorkspace(
        nodes('instanceTypes: ["g6.xlarge"]'),
        async (workspace) => {
          const up = await workspace.up();
          assert.strictEqual(up.code, 0, up.stdout + up.stderr);
          const again = await workspace.preview();
          assert.deepStrictEqual(Object.keys(again.changes), ["same"], again.stdout);

          await workspace.writeProgram(nodes('instanceTypes: ["g6.xlarge"], maxNodes: 5'));
          const grown = (await workspace.preview()).steps.filter(({ op }) => op !== "same");
          assert.deepStrictEqual(
            grown.map(({ op, name, diffs }) => [op, name, diffs]),
            [["update", "gpu-nodes", ["scalingConfig"]]],
          );

          await workspace.writeProgram(nodes('instanceTypes: ["g6.2xlarge"]'));
          const other = (await workspace.preview()).steps.filter(({ op }) => op === "replace");
          assert.deepStrictEqual(
            other.map(({ name }) => name),
            ["gpu-nodes"],
          );
        },
        { env },
      ),
    );
  });
});
