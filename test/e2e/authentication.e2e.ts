import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { LookupFunction } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { AppsV1Api, KubeConfig } from "@kubernetes/client-node";
import { Agent, request } from "undici";
import { protocol } from "../../bench/traffic/questions";
import { randomInputs } from "../../cli/up/proof-inputs";
import { ensureAuthority, ensureLeaf, type Credential } from "../../toolchain/cluster/certificates";
import { findCluster, type Cluster } from "../../toolchain/cluster";
import { packModels, pushModel, type PackedModel } from "../../toolchain/models";
import { projectRoot } from "../../toolchain/paths";
import { silent } from "../../toolchain/progress";
import { withWorkspace, type EngineRun, type Workspace } from "../support/engine";
import { readOutputs } from "../support/slipway";

const NODE_PORT = 31443;
const HOST = "partners.test";
const PROGRAM = readFileSync(join(__dirname, "support/partner-gateway.js"), "utf8");
const KEYS = { ci: "k".repeat(16) + "0123456789abcdef", reader: "r".repeat(16) + "0123456789abcdef" };
const PASSWORDS = { anna: "correct horse battery staple", guest: "nothing but looking around" };
const REACHABLE_WITHIN_MS = 60_000;

/** The image that the local stack's servers run. */
async function imageOfServer(kubeconfig: string): Promise<string> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const apps = config.makeApiClient(AppsV1Api);
  const { spec } = await apps.readNamespacedDeployment({ namespace: "slipway", name: "text" });
  return spec!.template.spec!.containers[0]!.image!;
}

const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
});

describe("a gateway that asks for client certificates, API keys and passwords", function () {
  this.timeout(240_000);
  const dir = mkdtempSync(join(tmpdir(), "slipway-auth-"));
  const agents: Agent[] = [];
  let cluster: Cluster;
  let workspace: Workspace;
  let caCertificate: string;
  let partner: Credential;
  let finish: () => void;
  let session: Promise<void>;

  /** Connections to the node, whatever the host's name is. */
  const toNode: LookupFunction = (_name, options, callback) =>
    options.all
      ? callback(null, [{ address: cluster.nodeIp, family: 4 }])
      : callback(null, cluster.nodeIp, 4);

  function agentWith(credential: Pick<Credential, "cert" | "key"> | undefined): Agent {
    const tls = credential ? { cert: credential.cert, key: credential.key } : {};
    const agent = new Agent({ connect: { ca: caCertificate, lookup: toNode, timeout: 5_000, ...tls } });
    agents.push(agent);
    return agent;
  }

  let good: Agent;
  const body = JSON.stringify({ inputs: randomInputs("silero-vad") });
  async function call(
    host: string,
    path: string,
    headers: Record<string, string>,
    { agent = good, method = "POST" }: { agent?: Agent; method?: "POST" | "GET" | "OPTIONS" } = {},
  ) {
    const response = await request(`https://${host}:${NODE_PORT}${path}`, {
      dispatcher: agent,
      method,
      headers: { ...(method === "POST" ? { "content-type": "application/json" } : {}), ...headers },
      body: method === "POST" ? body : undefined,
    });
    return { status: response.statusCode, headers: response.headers, text: await response.body.text() };
  }

  async function publish(name: string, packed: PackedModel) {
    const { version, sha256 } = packed;
    const source = await pushModel(cluster.registry, { ...packed, name });
    return { name, version, source, sha256 };
  }

  const succeeded = (run: EngineRun) => assert.equal(run.code, 0, run.stdout + run.stderr);

  before(async () => {
    cluster = (await findCluster())!;
    assert.ok(cluster, "no cluster is up");
    const { kubeconfig } = await readOutputs();
    const authority = await ensureAuthority(dir, "partners", "Partners", new Date());
    const usages = ["client"] as const;
    const leaf = (name: string, ca: Credential, dns: string) =>
      ensureLeaf(dir, { name, ca, commonName: name, usages, dns: [dns] }, new Date());
    partner = await leaf("partner", authority, `client.${HOST}`);
    const packed = (await packModels(silent)).find(({ name }) => name === "silero-vad")!;
    const given = {
      nodePort: NODE_PORT,
      envoyImage: cluster.images.envoy,
      runtimeImage: await imageOfServer(kubeconfig),
      insecureRegistries: [cluster.registry],
      models: { keys: await publish("vad-keys", packed), people: await publish("vad-people", packed) },
      gatewayAuth: {
        apiKeys: { clients: { ci: { key: KEYS.ci }, reader: { key: KEYS.reader, scopes: [] } } },
        mtls: { caCertificates: authority.cert, dnsNames: [`client.${HOST}`] },
      },
      peopleAuth: {
        basic: {
          users: { anna: { password: PASSWORDS.anna }, guest: { password: PASSWORDS.guest, scopes: [] } },
        },
      },
    };
    const options = {
      project: "partners",
      config: { "slipway:components": join(projectRoot, "components"), "slipway:given": given },
      env: { KUBECONFIG: kubeconfig },
    };
    await new Promise<void>((ready, failed) => {
      session = withWorkspace(
        PROGRAM,
        async (made) => {
          workspace = made;
          ready();
          await new Promise<void>((resolve) => (finish = resolve));
        },
        options,
      );
      session.catch(failed);
    });
    succeeded(await workspace.up());
    ({ caCertificate } = (await workspace.outputs()) as { caCertificate: string });
    good = agentWith(partner);
    // Envoy Gateway has accepted everything; its proxies take a moment to hear of it.
    for (const deadline = Date.now() + REACHABLE_WITHIN_MS; ; await sleep(500)) {
      const [keys, people] = await Promise.all([
        call(HOST, "/v2/models/vad-keys/infer", { "x-api-key": KEYS.ci }).catch(String),
        call(HOST, "/v2/models/vad-people/infer", basic("anna", PASSWORDS.anna)).catch(String),
      ]);
      const answered = [keys, people].every((answer) => typeof answer !== "string" && answer.status === 200);
      if (answered) break;
      assert.ok(Date.now() < deadline, JSON.stringify([keys, people]));
    }
  });
  after(async () => {
    await Promise.all(agents.map((agent) => agent.destroy()));
    if (workspace) succeeded(await workspace.destroy());
    finish?.();
    await session;
    rmSync(dir, { recursive: true });
  });

  it("lets nobody connect without a certificate of its authorities that has the right name", async () => {
    const foreignAuthority = await ensureAuthority(dir, "foreign", "Partners", new Date());
    const ownAuthority = await ensureAuthority(dir, "partners", "Partners", new Date());
    const leaf = (name: string, ca: Credential, dns: string) =>
      ensureLeaf(dir, { name, ca, commonName: name, usages: ["client"], dns: [dns] }, new Date());
    const refused: Record<string, Credential | undefined> = {
      "no certificate": undefined,
      "another authority": await leaf("stranger", foreignAuthority, `client.${HOST}`),
      "another name": await leaf("other", ownAuthority, `other.${HOST}`),
    };
    for (const [what, credential] of Object.entries(refused)) {
      const attempt = call(
        HOST,
        "/v2/models/vad-keys/infer",
        { "x-api-key": KEYS.ci },
        { agent: agentWith(credential) },
      );
      await assert.rejects(attempt, what);
    }
  });

  for (const [host, service] of [
    [HOST, "keys"],
    [`keys.${HOST}`, "keys"],
  ] as const) {
    it(`takes API keys in their header alone, on ${host}`, async () => {
      const path = `/v2/models/vad-${service}/infer`;
      const refused: [string, string, Record<string, string>][] = [
        ["no key", path, {}],
        ["an empty key", path, { "x-api-key": "" }],
        ["another key", path, { "x-api-key": `${KEYS.ci}x` }],
        ["the beginning of a key", path, { "x-api-key": KEYS.ci.slice(0, -1) }],
        ["a key in the query", `${path}?x-api-key=${KEYS.ci}`, {}],
        ["a key as a token", path, { authorization: `Bearer ${KEYS.ci}` }],
        ["a key in a cookie", path, { cookie: `x-api-key=${KEYS.ci}` }],
        ["a password of another service", path, basic("anna", PASSWORDS.anna)],
        ["a client's name alone", path, { "slipway-client": "ci" }],
      ];
      for (const [what, to, headers] of refused) {
        assert.equal((await call(host, to, headers)).status, 401, what);
      }
      const answer = await call(host, path, { "x-api-key": KEYS.ci });
      assert.equal(answer.status, 200, answer.text);
    });
  }

  it("lets a client without the right to infer only look", async () => {
    const headers = { "x-api-key": KEYS.reader };
    assert.equal((await call(HOST, "/v2/models/vad-keys/infer", headers)).status, 403);
    const claimed = { ...headers, "slipway-client": "ci" };
    assert.equal((await call(HOST, "/v2/models/vad-keys/infer", claimed)).status, 403, "a name made up");
    assert.equal((await call(HOST, "/v2/models/vad-keys", headers, { method: "GET" })).status, 200);
  });

  it("takes passwords where a service's routes have their own rules, and no keys there", async () => {
    for (const host of [HOST, `people.${HOST}`]) {
      const path = "/v2/models/vad-people/infer";
      const refused: [string, Record<string, string>][] = [
        ["nothing", {}],
        ["a wrong password", basic("anna", "wrong")],
        ["another user", basic("bert", PASSWORDS.anna)],
        ["no user", basic("", PASSWORDS.anna)],
        ["no base64", { authorization: "Basic %%%" }],
        ["another scheme", { authorization: `Bearer ${PASSWORDS.anna}` }],
        ["a key of the gateway", { "x-api-key": KEYS.ci }],
      ];
      for (const [what, headers] of refused) {
        assert.equal((await call(host, path, headers)).status, 401, `${what} on ${host}`);
      }
      assert.equal((await call(host, path, basic("guest", PASSWORDS.guest))).status, 403, host);
      assert.equal((await call(host, path, basic("anna", PASSWORDS.anna))).status, 200, host);
    }
  });

  it("asks for the same over gRPC", async () => {
    const types = protocol();
    const requestType = types.lookupType("inference.ModelReadyRequest");
    const responseType = types.lookupType("inference.ModelReadyResponse");
    const tls = credentials.createSsl(
      Buffer.from(caCertificate),
      Buffer.from(partner.key),
      Buffer.from(partner.cert),
    );
    const client = new Client(`${cluster.nodeIp}:${NODE_PORT}`, tls, {
      "grpc.ssl_target_name_override": HOST,
      "grpc.default_authority": HOST,
    });
    const ready = (headers: Record<string, string>) =>
      new Promise<string>((resolve) => {
        const metadata = new Metadata();
        metadata.set("slipway-service", "keys");
        for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
        client.makeUnaryRequest(
          "/inference.GRPCInferenceService/ModelReady",
          (message: object) => Buffer.from(requestType.encode(message).finish()),
          (bytes: Buffer) => responseType.decode(bytes) as unknown as { ready: boolean },
          { name: "vad-keys" },
          metadata,
          { deadline: Date.now() + 10_000 },
          (error, response) => resolve(error ? `status ${error.code}` : `ready ${response!.ready}`),
        );
      });
    try {
      assert.equal(await ready({}), "status 16");
      assert.equal(await ready({ "x-api-key": "x".repeat(32) }), "status 16");
      assert.equal(await ready({ "x-api-key": KEYS.reader }), "ready true");
    } finally {
      client.close();
    }
  });

  it("lets web pages of one origin call, and of no other", async () => {
    const preflight = (origin: string) =>
      call(
        HOST,
        "/v2/models/vad-keys/infer",
        { origin, "access-control-request-method": "POST", "access-control-request-headers": "x-api-key" },
        { method: "OPTIONS" },
      );
    const allowed = await preflight(`https://console.${HOST}`);
    assert.equal(allowed.headers["access-control-allow-origin"], `https://console.${HOST}`);
    const other = await preflight("https://evil.test");
    assert.equal(other.headers["access-control-allow-origin"], undefined);
    assert.equal(other.text, "", "it went no further than the gateway");
  });
});
