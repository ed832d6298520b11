import assert from "node:assert/strict";
import { KubeConfig } from "@kubernetes/client-node";
import { FakeNodes } from "../../bench/scale/fake-nodes";
import { countObjects, expectedCounts, runMany } from "../../bench/scale/many";
import { readOutputs } from "../support/slipway";

const NAMESPACE = "scale-test";
const NODES = 10;
const SERVICES = 5;
const PER_NAMESPACE = 3;

describe("services on many nodes", () => {
  it("are previewed, placed, served by pods that count as ready, and leave nothing behind", async function () {
    this.timeout(180_000);
    const { kubeconfig } = await readOutputs();
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    const nodes = await FakeNodes.register(config, { count: NODES, gpus: 1, prefix: NAMESPACE });
    try {
      const { resources } = await runMany({
        kubeconfig,
        many: {
          count: SERVICES,
          part: "services",
          namespace: NAMESPACE,
          perNamespace: PER_NAMESPACE,
          nodes: NODES,
          gpusPerNode: 1,
        },
        async afterUp() {
          nodes.assertWell();
          assert.deepEqual(await countObjects(config, NAMESPACE, NAMESPACE), expectedCounts(SERVICES, 2));
        },
        async afterDestroy() {
          assert.deepEqual(await countObjects(config, NAMESPACE, NAMESPACE), expectedCounts(0, 0));
        },
      });
      assert.ok(resources > SERVICES * 10, `${resources} resources`);
    } finally {
      await nodes.remove();
    }
  });
});
