import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { killServer } from "../../bench/traffic/kills";
import { SERVICE, assertLossless, reset, underLoad } from "../../bench/traffic/stage";
import { GatewayClient, inferPath } from "../../cli/gateway-client";
import { randomInputs } from "../../cli/up/proof-inputs";
import { basicCredentials } from "../../rollout/gates/basic-credentials";
import { readOutputs, readToken } from "../support/slipway";
import { thorough } from "./support/thorough";

const NAMESPACE = "slipway";
const LOAD_MS = 20_000;
const WORKERS = 4;

describe("a running stack", () => {
  it("loses no request of a client that retries once while a pod is killed", async function () {
    this.timeout(120_000);
    const outputs = await readOutputs();
    const client = new GatewayClient(outputs);
    const token = await readToken();
    const config = new KubeConfig();
    config.loadFromFile(outputs.kubeconfig);
    const core = config.makeApiClient(CoreV1Api);
    const pods = await core.listNamespacedPod({ namespace: NAMESPACE });
    const victim = pods.items.find((pod) => pod.metadata!.name!.startsWith("text"));
    assert.ok(victim, "no pod of the service `text`");

    const path = inferPath("pp-ocrv4-rec");
    const counts = { answered: 0, retried: 0, failed: [] as string[] };
    const until = Date.now() + LOAD_MS;
    const attempt = async (body: string) => {
      const answer = await client.call(path, { token, body });
      if (answer.status !== 200) throw new Error(`HTTP ${answer.status} ${answer.text}`);
    };
    const worker = async () => {
      while (Date.now() < until) {
        const body = JSON.stringify({ inputs: randomInputs("pp-ocrv4-rec") });
        try {
          await attempt(body).catch(async () => {
            counts.retried++;
            await sleep(100);
            await attempt(body);
          });
          counts.answered++;
        } catch (error) {
          counts.failed.push(String(error));
        }
      }
    };
    const load = Promise.all(Array.from({ length: WORKERS }, worker));
    await sleep(3_000);
    await core.deleteNamespacedPod({
      namespace: NAMESPACE,
      name: victim.metadata!.name!,
      gracePeriodSeconds: 0,
    });
    await load;
    await client.close();
    assert.deepEqual(counts.failed, []);
    assert.ok(counts.answered > 100, `only ${counts.answered} requests were answered`);
  });

  thorough(
    "loses no request of clients that try once more while a server dies where it is",
    async function () {
      this.timeout(300_000);
      await reset();
      assertLossless(await underLoad({ rate: 200, retryAfterMs: 0 }, () => killServer(`${SERVICE}-blue`)));
    },
  );

  it("is scraped by Prometheus", async function () {
    this.timeout(90_000);
    const { prometheus } = await readOutputs();
    const { url, headers } = basicCredentials(prometheus);
    // Without a model are the requests that none could be found for.
    const query = new URL("/api/v1/query", url);
    query.searchParams.set("query", 'sum by (model) (slipway_inference_requests_total{model!=""})');
    let models: string[] = [];
    for (
      const deadline = Date.now() + 80_000;
      Date.now() < deadline && models.length < 2;
      await sleep(2_000)
    ) {
      const { data } = (await (await fetch(query, { headers })).json()) as {
        data: { result: { metric: { model: string } }[] };
      };
      models = data.result.map(({ metric }) => metric.model).sort();
    }
    assert.deepEqual(models, ["pp-ocrv4-rec", "silero-vad"]);
  });
});
