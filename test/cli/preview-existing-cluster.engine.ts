import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStack } from "../../cli/engine/workspace";
import { previewProfile } from "../../cli/preview";
import { noteStackCluster } from "../../cli/stack-cluster";
import { silent } from "../../toolchain/progress";

const HOST = "models.elsewhere.test";
const REGISTRY = "registry.elsewhere.test/team";
const CONTEXT = "theirs";

/** Two contexts: the current one leads nowhere. */
function kubeconfigOf(port: number): string {
  const cluster = (name: string, at: number) => ({ name, cluster: { server: `http://127.0.0.1:${at}` } });
  const context = (name: string) => ({ name, context: { cluster: name, user: "anna" } });
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "other",
    clusters: [cluster(CONTEXT, port), cluster("other", 1)],
    contexts: [context(CONTEXT), context("other")],
    users: [{ name: "anna", user: {} }],
  });
}

describe("`slipway preview local` of a stack on a cluster that was there", function () {
  this.timeout(600_000);

  it("asks that cluster, in its context, and compares what `up` would lay on it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "slipway-existing-"));
    const given = process.env.SLIPWAY_STATE_DIR;
    process.env.SLIPWAY_STATE_DIR = join(folder, "state");
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.writeHead(503).end();
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    try {
      const kubeconfig = join(folder, "kubeconfig");
      writeFileSync(kubeconfig, kubeconfigOf((server.address() as AddressInfo).port));
      await openStack({ profile: "local", offline: true });
      noteStackCluster({
        kubeconfig,
        context: CONTEXT,
        registry: REGISTRY,
        config: { host: HOST, gatewayServiceType: "LoadBalancer", insecureRegistries: [] },
      });
      const { steps } = await previewProfile({ profile: "local" }, silent);
      assert.notEqual(asked.length, 0, "the cluster was asked");
      const objects = JSON.stringify(steps.map(({ inputs }) => inputs));
      assert.ok(
        objects.includes(`"${REGISTRY}/slipway/runtime@sha256:`),
        "the image where it would be pushed to",
      );
      assert.ok(objects.includes(`"commonName":"${HOST}"`), "the gateway's name there");
    } finally {
      server.close();
      if (given === undefined) delete process.env.SLIPWAY_STATE_DIR;
      else process.env.SLIPWAY_STATE_DIR = given;
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
