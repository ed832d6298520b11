import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { GatewayClient, inferPath } from "../../cli/gateway-client";
import { randomInputs } from "../../cli/up/proof-inputs";
import { readOutputs, readToken } from "../support/slipway";
import { LocalStack } from "./support/local-stack";

const MODEL = "pp-ocrv4-rec";
/** Envoy writes its log down every ten seconds. */
const LOGGED_MS = 30_000;

interface AccessLine {
  readonly msg?: string;
  readonly requestId?: string;
  readonly traceparent?: string;
  readonly trace_id?: string;
  readonly path?: string;
  readonly status?: number;
  readonly subject?: string;
  readonly upstreamHost?: string;
  readonly ms?: number;
  readonly upstreamMs?: number;
}

describe("the logs of a request", () => {
  const traceId = randomBytes(16).toString("hex");
  let stack: LocalStack;
  let core: CoreV1Api;
  let client: GatewayClient;

  before(async () => {
    const config = new KubeConfig();
    const outputs = await readOutputs();
    config.loadFromFile(outputs.kubeconfig);
    core = config.makeApiClient(CoreV1Api);
    client = new GatewayClient(outputs);
    stack = await LocalStack.open();
    await stack.apply("text", (service) => {
      service.options = { accessLog: true };
    });
  });
  after(async () => {
    await client?.close();
    // As the profile has it.
    await stack?.apply("text", () => undefined);
    stack?.close();
  });

  /** The lines of access logs in the pods with this label. */
  async function lines(namespace: string, labelSelector: string): Promise<AccessLine[]> {
    const { items } = await core.listNamespacedPod({ namespace, labelSelector });
    const logs = await Promise.all(
      items.map(({ metadata, spec }) =>
        core
          .readNamespacedPodLog({
            namespace,
            name: metadata!.name!,
            container: spec!.containers[0]!.name,
            tailLines: 2000,
          })
          // A pod that is on its way has none yet, or none any more.
          .catch(() => ""),
      ),
    );
    return logs
      .flatMap((log) => log.split("\n"))
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as AccessLine)
      .filter(({ msg }) => msg === "access");
  }

  async function lineWhere(
    namespace: string,
    labels: string,
    fits: (line: AccessLine) => boolean,
  ): Promise<AccessLine> {
    const late = performance.now() + LOGGED_MS;
    for (;;) {
      const found = (await lines(namespace, labels)).find(fits);
      if (found) return found;
      assert.ok(performance.now() < late, `no such line in ${namespace} (${labels})`);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }

  it("have the same ids at the gateway and at the server, and no query", async () => {
    const { status, text } = await client.call(`${inferPath(MODEL)}?token=secret`, {
      token: await readToken(),
      body: JSON.stringify({ inputs: randomInputs(MODEL) }),
      headers: {
        traceparent: `00-${traceId}-${randomBytes(8).toString("hex")}-01`,
        "x-request-id": "chosen",
      },
    });
    assert.equal(status, 200, text);
    const atGateway = await lineWhere(
      "envoy-gateway-system",
      "gateway.envoyproxy.io/owning-gateway-namespace=slipway",
      ({ traceparent }) => traceparent?.split("-")[1] === traceId,
    );
    const atServer = await lineWhere(
      "slipway",
      "app.kubernetes.io/instance=text",
      ({ trace_id }) => trace_id === traceId,
    );
    assert.equal(atServer.requestId, atGateway.requestId);
    // An id of the gateway's own, in place of what the client says.
    assert.match(atGateway.requestId!, /^[0-9a-f-]{36}$/);
    assert.deepEqual([atGateway.path, atServer.path], [inferPath(MODEL), inferPath(MODEL)]);
    assert.deepEqual([atGateway.status, atServer.status], [200, 200]);
    assert.ok(atGateway.subject, "the token's subject");
    assert.ok(atGateway.upstreamHost);
    const { ms, upstreamMs } = atGateway;
    assert.ok(upstreamMs! >= 0 && upstreamMs! <= ms!, `${upstreamMs} of ${ms} ms`);
  });

  it("tell of what the gateway refused, too", async () => {
    const refused = randomBytes(16).toString("hex");
    const traceparent = `00-${refused}-${randomBytes(8).toString("hex")}-01`;
    assert.equal((await client.call(inferPath(MODEL), { body: "{}", headers: { traceparent } })).status, 401);
    const line = await lineWhere(
      "envoy-gateway-system",
      "gateway.envoyproxy.io/owning-gateway-namespace=slipway",
      (each) => each.traceparent?.split("-")[1] === refused,
    );
    assert.deepEqual([line.status, line.subject ?? null, line.upstreamHost ?? null], [401, null, null]);
  });
});
