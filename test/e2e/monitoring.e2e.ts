import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import type { LookupFunction } from "node:net";
import { AppsV1Api, CoreV1Api, CustomObjectsApi, KubeConfig } from "@kubernetes/client-node";
import { Agent, request } from "undici";
import { basicCredentials } from "../../rollout/gates/basic-credentials";
import { readOutputs, readToken, type Outputs } from "../support/slipway";
import { until } from "../support/until";
import { LocalStack } from "./support/local-stack";
import { thorough, thoroughly } from "./support/thorough";
import { WebhookReceiver, type ReceivedCall } from "./support/webhook-receiver";

const NAMESPACE = "slipway";
const MONITORING = "slipway-monitoring";
const MODEL = { model: "silero-vad", version: "5" };
/** The rule must reach Prometheus' files, and Alertmanager waits half a minute for company, or five where it knows the group. */
const TOLD_MS = 420_000;
const REACHABLE_MS = 90_000;
/** Envoy writes its log down every ten seconds. */
const LOGGED_MS = 30_000;

const secret = () => randomBytes(24).toString("base64url");
const PASSWORDS = { ana: secret(), ben: secret() };
const PEOPLE_TOKEN = secret();
const SAMPLES_TOKEN = secret();

/** An alert with the name and the labels of one on drift, which fires as soon as it is evaluated. */
const RULE = {
  group: "monitoring.coreos.com",
  version: "v1",
  plural: "prometheusrules",
  namespace: NAMESPACE,
};
const ALERT = {
  alert: "SlipwayDriftDetected",
  expr: `max by (namespace, model, version) (slipway_model_ready{namespace="${NAMESPACE}",model="${MODEL.model}",version="${MODEL.version}"}) == 1`,
  labels: { severity: "ticket", service: "voice" },
  annotations: { summary: "a trial", score_psi: "{{ $value }}" },
};

thoroughly("monitoring with receivers, retraining and a way in", function () {
  this.timeout(TOLD_MS + 120_000);
  let outputs: Outputs;
  let stack: LocalStack;
  let receiver: WebhookReceiver;
  let config: KubeConfig;
  let core: CoreV1Api;
  let agent: Agent;

  before(async function () {
    this.timeout(600_000);
    outputs = await readOutputs();
    config = new KubeConfig();
    config.loadFromFile(outputs.kubeconfig);
    core = config.makeApiClient(CoreV1Api);
    const toLoopback: LookupFunction = (_name, { all }, callback) =>
      all ? callback(null, [{ address: "127.0.0.1", family: 4 }]) : callback(null, "127.0.0.1", 4);
    agent = new Agent({ connect: { ca: readFileSync(outputs.caCertificate), lookup: toLoopback } });
    receiver = await WebhookReceiver.start(config);
    const { pods } = receiver;
    stack = await LocalStack.open();
    await stack.apply("text", () => undefined, {
      alertReceivers: {
        people: {
          webhook: { url: receiver.url("/people"), bearerToken: PEOPLE_TOKEN, insecure: true, pods },
        },
      },
      remoteWrite: [{ url: receiver.url("/samples"), bearerToken: SAMPLES_TOKEN, insecure: true, pods }],
      retraining: {
        target: { kind: "http", url: receiver.url("/train") },
        allowInsecure: true,
        targetPods: [pods],
      },
      monitoringAccess: {
        auth: {
          basic: {
            users: { ana: { password: PASSWORDS.ana, scopes: ["admin"] }, ben: { password: PASSWORDS.ben } },
          },
        },
      },
    });
  });
  after(async function () {
    this.timeout(600_000);
    await agent?.destroy();
    await config
      ?.makeApiClient(CustomObjectsApi)
      .deleteNamespacedCustomObject({ ...RULE, name: "trial" })
      .catch(() => undefined);
    // As the profile has it.
    await stack?.apply("text", () => undefined);
    stack?.close();
    await receiver?.end();
  });

  describe("an alert that fires", () => {
    const told = async (path: string): Promise<ReceivedCall | undefined> => (await receiver.calls(path))[0];

    before(async () => {
      const metadata = { name: "trial", labels: { "app.kubernetes.io/part-of": "slipway" } };
      const groups = [{ name: "trial", interval: "5s", rules: [ALERT] }];
      const body = {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "PrometheusRule",
        metadata,
        spec: { groups },
      };
      await config.makeApiClient(CustomObjectsApi).createNamespacedCustomObject({ ...RULE, body });
    });

    it("reaches people, by Alertmanager's webhook, with the token that they know it by", async () => {
      const began = Date.now();
      const call = await until("people are told", TOLD_MS, () => told("/people"));
      console.log(
        `      people were told ${Math.round((Date.now() - began) / 1000)} s after the rule was made`,
      );
      assert.equal(call.method, "POST");
      assert.equal(call.headers.authorization, `Bearer ${PEOPLE_TOKEN}`);
      const { status, alerts } = JSON.parse(call.body) as {
        status: string;
        alerts: { labels: Record<string, string> }[];
      };
      assert.equal(status, "firing");
      assert.deepEqual(alerts[0]!.labels, {
        alertname: ALERT.alert,
        namespace: NAMESPACE,
        ...ALERT.labels,
        ...MODEL,
        ...(alerts[0]!.labels.prometheus ? { prometheus: alerts[0]!.labels.prometheus } : {}),
      });
    });

    it("has the model trained again: one call, signed with the secret that the stack made", async () => {
      const call = await until("the trainer is called", TOLD_MS, () => told("/train"));
      const payload = JSON.parse(call.body) as Record<string, unknown>;
      assert.deepEqual(
        [payload.schema, payload.model, payload.version, payload.service, payload.reason, payload.scores],
        ["slipway.retraining/v1", MODEL.model, MODEL.version, "voice", "drift", { psi: 1 }],
      );
      const { "webhook-id": id, "webhook-timestamp": time, "webhook-signature": given } = call.headers;
      assert.equal(id, payload.id);
      const key = Buffer.from((await signingSecret()).replace(/^whsec_/, ""), "base64");
      const signature = createHmac("sha256", key).update(`${id}.${time}.${call.body}`).digest("base64");
      assert.equal(given, `v1,${signature}`);
      assert.equal((await receiver.calls("/train")).length, 1);
    });

    thorough("has it trained once, when Alertmanager has forgotten that it told of it", async () => {
      const before = (await receiver.calls("/people")).length;
      await core.deleteNamespacedPod({ namespace: MONITORING, name: "alertmanager-prometheus-0" });
      await until("people are told again", TOLD_MS, async () =>
        (await receiver.calls("/people")).length > before ? true : undefined,
      );
      const counted = 'slipway_retraining_webhooks_total{outcome="duplicate"} > 0';
      await until("Prometheus has seen the duplicate", REACHABLE_MS, async () =>
        (await inPrometheus(counted)).length > 0 ? true : undefined,
      );
      assert.equal((await receiver.calls("/train")).length, 1);
    });
  });

  describe("a receiver of samples", () => {
    it("gets them from Prometheus, with the token that it knows it by", async () => {
      const { method, headers } = await until("samples come", TOLD_MS, async () =>
        (await receiver.calls("/samples")).find(({ bytes }) => bytes > 0),
      );
      assert.equal(method, "POST");
      assert.equal(headers.authorization, `Bearer ${SAMPLES_TOKEN}`);
      // Of the second version of the protocol, the type goes on: `;proto=…`.
      assert.match(headers["content-type"]!, /^application\/x-protobuf(;|$)/);
      assert.equal(headers["content-encoding"], "snappy");
      assert.match(headers["x-prometheus-remote-write-version"]!, /^\d+\.\d+\.\d+$/);
    });
  });

  async function signingSecret(): Promise<string> {
    const { spec } = await config
      .makeApiClient(AppsV1Api)
      .readNamespacedDeployment({ namespace: NAMESPACE, name: "retraining" });
    const { secretName } = spec!.template.spec!.volumes!.find(({ name }) => name === "secrets")!.secret!;
    const { data } = await core.readNamespacedSecret({ namespace: NAMESPACE, name: secretName! });
    return Buffer.from(data!["signing-secret"]!, "base64").toString();
  }

  async function inPrometheus(query: string): Promise<unknown[]> {
    const { url, headers } = basicCredentials(outputs.prometheus);
    const answer = await fetch(new URL(`/api/v1/query?query=${encodeURIComponent(query)}`, url), { headers });
    return ((await answer.json()) as { data: { result: unknown[] } }).data.result;
  }

  describe("the way in through the gateway", () => {
    type Server = "prometheus" | "alertmanager";
    const as = (user: keyof typeof PASSWORDS, password = PASSWORDS[user]) => ({
      authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
    });
    const port = () => new URL(outputs.endpoint).port;

    async function call(
      server: Server,
      path: string,
      headers: Record<string, string> = {},
      body?: object,
    ): Promise<{ status: number; text: string }> {
      const response = await request(`https://${server}.localhost:${port()}${path}`, {
        dispatcher: agent,
        method: body ? "POST" : "GET",
        headers: { ...headers, ...(body ? { "content-type": "application/json" } : {}) },
        body: body && JSON.stringify(body),
      });
      return { status: response.statusCode, text: await response.body.text() };
    }

    const QUERY = "/api/v1/query?query=up";
    const SILENCES = "/api/v2/silences";
    const silence = () => ({
      matchers: [{ name: "alertname", value: "OfNobody", isRegex: false, isEqual: true }],
      startsAt: new Date().toISOString(),
      endsAt: new Date(Date.now() + 60_000).toISOString(),
      createdBy: "ana",
      comment: "a trial",
    });

    before(() =>
      // Envoy Gateway has accepted everything; its proxies take a moment to hear of it.
      until("both servers answer", REACHABLE_MS, async () => {
        const answers = await Promise.all([
          call("prometheus", QUERY, as("ben")).catch(() => undefined),
          call("alertmanager", "/api/v2/status", as("ben")).catch(() => undefined),
        ]);
        return answers.every((answer) => answer?.status === 200) ? true : undefined;
      }),
    );

    it("is closed to everybody unknown", async () => {
      const token = await readToken("--scope", "admin");
      for (const server of ["prometheus", "alertmanager"] as const) {
        for (const headers of [{}, as("ben", "wrong"), { authorization: `Bearer ${token}` }]) {
          const { status, text } = await call(server, "/", headers);
          assert.equal(status, 401, `${server} ${JSON.stringify(headers)}: ${text}`);
        }
      }
    });

    it("lets everybody known look", async () => {
      const { status, text } = await call("prometheus", QUERY, as("ben"));
      assert.equal(status, 200);
      assert.ok((JSON.parse(text) as { data: { result: unknown[] } }).data.result.length > 0);
      assert.equal((await call("alertmanager", "/api/v2/alerts", as("ben"))).status, 200);
    });

    it("lets administrators silence, nobody else, and nobody reload or end a server", async () => {
      assert.equal((await call("alertmanager", SILENCES, as("ben"), silence())).status, 403);
      const made = await call("alertmanager", SILENCES, as("ana"), silence());
      assert.equal(made.status, 200, made.text);
      for (const path of ["/-/reload", "/-/quit", "/%2d/quit"])
        for (const server of ["prometheus", "alertmanager"] as const)
          assert.equal((await call(server, path, as("ana"), {})).status, 403, `${server} ${path}`);
    });

    it("goes over TLS to the pod", async () => {
      const line = await until("the gateway's log has it", LOGGED_MS, async () => {
        const lines = await accessLines();
        return lines.find(({ host, status }) => /^prometheus\.localhost/.test(host) && status === 200);
      });
      // On that port a container beside Prometheus speaks TLS and nothing else.
      assert.match(line.upstreamHost, /:9443$/);
      assert.equal(line.client, "ben");
      const pods = await core.listNamespacedPod({
        namespace: MONITORING,
        labelSelector: "app.kubernetes.io/name=prometheus",
      });
      assert.ok(pods.items.some(({ status }) => `${status!.podIP}:9443` === line.upstreamHost));
      const { spec } = await core.readNamespacedService({ namespace: MONITORING, name: "prometheus" });
      assert.ok(spec!.ports!.some((each) => each.name === "tls" && each.targetPort === "tls"));
    });

    interface AccessLine {
      readonly host: string;
      readonly status: number;
      readonly upstreamHost: string;
      readonly client: string | null;
    }

    async function accessLines(): Promise<AccessLine[]> {
      const { items } = await core.listNamespacedPod({
        namespace: "envoy-gateway-system",
        labelSelector: "gateway.envoyproxy.io/owning-gateway-namespace=slipway",
      });
      const logs = await Promise.all(
        items.map(({ metadata, spec }) =>
          core
            .readNamespacedPodLog({
              namespace: "envoy-gateway-system",
              name: metadata!.name!,
              container: spec!.containers[0]!.name,
              tailLines: 500,
            })
            // A pod that is on its way has none yet.
            .catch(() => ""),
        ),
      );
      return logs
        .flatMap((log) => log.split("\n"))
        .filter((line) => line.startsWith("{") && line.includes('"msg":"access"'))
        .map((line) => JSON.parse(line) as AccessLine);
    }
  });
});
