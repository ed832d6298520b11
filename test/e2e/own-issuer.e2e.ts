import assert from "node:assert/strict";
import { createHmac, createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import type { LookupFunction } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AppsV1Api, KubeConfig } from "@kubernetes/client-node";
import { SignJWT, type JWTPayload } from "jose";
import { Agent, request } from "undici";
import { randomInputs } from "../../cli/up/proof-inputs";
import { findCluster, type Cluster } from "../../toolchain/cluster";
import { packModels, pushModel } from "../../toolchain/models";
import { projectRoot } from "../../toolchain/paths";
import { silent } from "../../toolchain/progress";
import { withWorkspace, type EngineRun, type Workspace } from "../support/engine";
import { readOutputs } from "../support/slipway";

const NODE_PORT = 31444;
const HOST = "tenants.test";
const OWN_HOST = `tenant.${HOST}`;
const ISSUER = "https://login.tenants.test";
const AUDIENCE = "models";
const AUTHORIZATION_ENDPOINT = `${ISSUER}/authorize`;
const PROGRAM = readFileSync(join(__dirname, "support/issuer-gateway.js"), "utf8");
const PATH = "/v2/models/vad-tenant/infer";
const REACHABLE_WITHIN_MS = 60_000;

/** Keys of the issuer, under their names in its key set. */
const KEYS = {
  "ec-1": { ...generateKeyPairSync("ec", { namedCurve: "P-256" }), alg: "ES256" },
  "rsa-1": { ...generateKeyPairSync("rsa", { modulusLength: 2048 }), alg: "RS256" },
} as const;
type KeyName = keyof typeof KEYS;

const STRANGER = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;

const KEY_SET = JSON.stringify({
  keys: Object.entries(KEYS).map(([kid, { publicKey, alg }]) => ({
    ...publicKey.export({ format: "jwk" }),
    kid,
    alg,
    use: "sig",
  })),
});

interface TokenChange {
  readonly kid?: KeyName;
  readonly key?: KeyObject;
  readonly issuer?: string;
  readonly audience?: string | string[];
  /** Seconds from now. */
  readonly expires?: number;
  readonly notBefore?: number;
  readonly claims?: JWTPayload;
}

/** A token of the issuer; one of a group that may infer, unless it is said otherwise. */
async function token(change: TokenChange = {}): Promise<string> {
  const { kid = "ec-1", issuer = ISSUER, audience = AUDIENCE, expires = 300, notBefore } = change;
  const now = Math.floor(Date.now() / 1000);
  const jwt = new SignJWT({ sub: "anna", groups: ["ml"], ...change.claims })
    .setProtectedHeader({ alg: KEYS[kid].alg, kid })
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(now)
    .setExpirationTime(now + expires);
  if (notBefore !== undefined) jwt.setNotBefore(now + notBefore);
  return jwt.sign(change.key ?? KEYS[kid].privateKey);
}

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");

/** The claims of a good token behind a header that says how it is signed, and a signature of one's own making. */
async function forged(header: object, signature: (content: string) => string): Promise<string> {
  const [, claims] = (await token()).split(".");
  const content = `${encoded(header)}.${claims}`;
  return `${content}.${signature(content)}`;
}

const bearer = (text: string) => ({ authorization: `Bearer ${text}` });

async function imageOfServer(kubeconfig: string): Promise<string> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const { spec } = await config
    .makeApiClient(AppsV1Api)
    .readNamespacedDeployment({ namespace: "slipway", name: "text" });
  return spec!.template.spec!.containers[0]!.image!;
}

describe("a gateway whose callers bring tokens of an issuer of their own", function () {
  this.timeout(240_000);
  let cluster: Cluster;
  let workspace: Workspace;
  let agent: Agent;
  let ownSigningKey: string;
  let finish: () => void;
  let session: Promise<void>;
  const body = JSON.stringify({ inputs: randomInputs("silero-vad") });

  async function call(
    host: string,
    path: string,
    headers: Record<string, string>,
    method: "POST" | "GET" = "POST",
  ) {
    const response = await request(`https://${host}:${NODE_PORT}${path}`, {
      dispatcher: agent,
      method,
      headers: { ...(method === "POST" ? { "content-type": "application/json" } : {}), ...headers },
      body: method === "POST" ? body : undefined,
    });
    return { status: response.statusCode, headers: response.headers, text: await response.body.text() };
  }

  const succeeded = (run: EngineRun) => assert.equal(run.code, 0, run.stdout + run.stderr);

  before(async () => {
    cluster = (await findCluster())!;
    assert.ok(cluster, "no cluster is up");
    const { kubeconfig } = await readOutputs();
    const packed = (await packModels(silent)).find(({ name }) => name === "silero-vad")!;
    const { version, sha256 } = packed;
    const source = await pushModel(cluster.registry, { ...packed, name: "vad-tenant" });
    const group = (values: string[]) => ({ name: "groups", values });
    const given = {
      host: HOST,
      nodePort: NODE_PORT,
      envoyImage: cluster.images.envoy,
      runtimeImage: await imageOfServer(kubeconfig),
      insecureRegistries: [cluster.registry],
      model: { name: "vad-tenant", version, source, sha256 },
      jwt: {
        issuer: ISSUER,
        audiences: [AUDIENCE, "other-models"],
        jwks: KEY_SET,
        claims: { infer: group(["ml", "research"]), admin: group(["ml-admin"]) },
      },
      oidc: {
        clientId: "tenants",
        clientSecret: "a secret of the issuer's",
        scopes: ["email"],
        authorizationEndpoint: AUTHORIZATION_ENDPOINT,
        tokenEndpoint: `${ISSUER}/token`,
      },
    };
    const options = {
      project: "tenants",
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
    const outputs = (await workspace.outputs()) as { caCertificate: string; ownSigningKey: string };
    ({ ownSigningKey } = outputs);
    const toNode: LookupFunction = (_name, { all }, callback) =>
      all ? callback(null, [{ address: cluster.nodeIp, family: 4 }]) : callback(null, cluster.nodeIp, 4);
    agent = new Agent({ connect: { ca: outputs.caCertificate, lookup: toNode, timeout: 5_000 } });
    // Envoy Gateway has accepted everything; its proxies take a moment to hear of it.
    for (const deadline = Date.now() + REACHABLE_WITHIN_MS; ; await sleep(500)) {
      const good = bearer(await token());
      const answers = await Promise.all([
        ...[HOST, OWN_HOST].map((host) => call(host, PATH, good).catch(String)),
        call(OWN_HOST, "/v2/models/vad-tenant", {}, "GET").catch(String),
      ]);
      const statuses = answers.map((answer) => (typeof answer === "string" ? answer : answer.status));
      if (statuses.join() === "200,200,302") break;
      assert.ok(Date.now() < deadline, JSON.stringify(answers));
    }
  });
  after(async () => {
    await agent?.destroy();
    if (workspace) succeeded(await workspace.destroy());
    finish?.();
    await session;
  });

  for (const host of [HOST, OWN_HOST]) {
    it(`takes its tokens by each of its keys and for each audience, on ${host}`, async () => {
      const accepted: [string, TokenChange][] = [
        ["an elliptic key", {}],
        ["an RSA key", { kid: "rsa-1" }],
        ["the other audience", { audience: "other-models" }],
        ["one audience of several", { audience: ["somebody", AUDIENCE] }],
        ["another group that may", { claims: { groups: ["guests", "research"] } }],
      ];
      for (const [what, change] of accepted) {
        const answer = await call(host, PATH, bearer(await token(change)));
        assert.equal(answer.status, 200, `${what}: ${answer.text}`);
      }
    });

    it(`takes no other, on ${host}`, async () => {
      const good = await token();
      const [head = "", claims = "", signature = ""] = good.split(".");
      const publicPem = KEYS["rsa-1"].publicKey.export({ type: "spki", format: "pem" });
      const own = await new SignJWT({ scope: "infer" })
        .setProtectedHeader({ alg: "ES256" })
        .setIssuer("https://tenants.test")
        .setAudience("slipway")
        .setExpirationTime("5m")
        .sign(createPrivateKey(ownSigningKey));
      const refused: [string, string, Record<string, string>][] = [
        ["no token", PATH, {}],
        ["an empty token", PATH, bearer("")],
        ["no token's form", PATH, bearer("abc")],
        ["half of a token", PATH, bearer(`${head}.${claims}`)],
        ["a token without its signature", PATH, bearer(`${head}.${claims}.`)],
        [
          "other claims under the signature",
          PATH,
          bearer(`${head}.${encoded({ iss: ISSUER, aud: AUDIENCE })}.${signature}`),
        ],
        ["a stranger's key under a known name", PATH, bearer(await token({ key: STRANGER }))],
        ["another issuer", PATH, bearer(await token({ issuer: `${ISSUER}.evil.test` }))],
        // Envoy allows clocks to differ by a minute.
        ["an expired token", PATH, bearer(await token({ expires: -120 }))],
        ["a token of the future", PATH, bearer(await token({ notBefore: 120 }))],
        ["no algorithm", PATH, bearer(await forged({ alg: "none" }, () => ""))],
        [
          "the public key as a shared secret",
          PATH,
          bearer(
            await forged({ alg: "HS256", kid: "rsa-1" }, (content) =>
              createHmac("sha256", publicPem).update(content).digest("base64url"),
            ),
          ),
        ],
        ["a token in the query", `${PATH}?access_token=${good}`, {}],
        ["another scheme", PATH, { authorization: `Basic ${good}` }],
        ["a token of the gateway's own authority", PATH, bearer(own)],
      ];
      for (const [what, path, headers] of refused) {
        const { status, text } = await call(host, path, headers);
        assert.equal(status, 401, `${what}: ${text}`);
      }
      // The signature is right, so that Envoy knows who asks: it is no longer a matter of who, but of what for.
      const { status, text } = await call(host, PATH, bearer(await token({ audience: "slipway" })));
      assert.equal(status, 403, `another audience: ${text}`);
    });

    it(`gives the right to infer by the claim alone, on ${host}`, async () => {
      const refused: [string, JWTPayload][] = [
        ["no group", { groups: [] }],
        ["another group", { groups: ["guests"] }],
        ["a group of a similar name", { groups: ["ml-"] }],
        ["no claim", { groups: undefined }],
        ["a scope, which another issuer's tokens would have", { groups: undefined, scope: "infer admin" }],
      ];
      for (const [what, claims] of refused) {
        const { status, text } = await call(host, PATH, bearer(await token({ claims })));
        assert.equal(status, 403, `${what}: ${text}`);
      }
      const looking = bearer(await token({ claims: { groups: [] } }));
      assert.equal((await call(host, "/v2/models/vad-tenant", looking, "GET")).status, 200);
    });
  }

  describe("where people sign in", () => {
    const visit = () => call(OWN_HOST, "/v2/models/vad-tenant", { accept: "text/html" }, "GET");
    const cookiesOf = ({ headers }: Awaited<ReturnType<typeof call>>) => [headers["set-cookie"] ?? []].flat();

    it("sends a browser to the issuer, with a state and cookies that only this browser has", async () => {
      const [first, second] = [await visit(), await visit()];
      assert.equal(first.status, 302);
      const location = new URL(String(first.headers.location));
      assert.equal(`${location.origin}${location.pathname}`, AUTHORIZATION_ENDPOINT);
      const asked = location.searchParams;
      assert.equal(asked.get("client_id"), "tenants");
      assert.equal(asked.get("response_type"), "code");
      assert.equal(asked.get("redirect_uri"), `https://${OWN_HOST}:${NODE_PORT}/oauth2/callback`);
      assert.deepEqual(asked.get("scope")!.split(" ").sort(), ["email", "openid"]);
      const other = new URL(String(second.headers.location)).searchParams;
      assert.ok(asked.get("state"), "a state");
      assert.notEqual(asked.get("state"), other.get("state"), "of this request alone");
      const nonce = cookiesOf(first).find((cookie) => /^oauthnonce/i.test(cookie));
      assert.ok(nonce, `no nonce among ${cookiesOf(first).join(" | ")}`);
      for (const cookie of cookiesOf(first)) {
        assert.match(cookie, /;\s*secure/i);
        assert.match(cookie, /;\s*httponly/i);
      }
      assert.ok(!cookiesOf(second).includes(nonce), "a nonce is used once");
      assert.ok(!JSON.stringify(first).includes("a secret of the issuer's"));
    });

    it("takes nobody back with a state that it has not given, or without the cookies that went with it", async () => {
      const sent = await visit();
      const state = new URL(String(sent.headers.location)).searchParams.get("state")!;
      const cookie = cookiesOf(sent)
        .map((one) => one.split(";")[0])
        .join("; ");
      const back = (given: string, headers: Record<string, string>) =>
        call(OWN_HOST, `/oauth2/callback?code=abc&state=${encodeURIComponent(given)}`, headers, "GET");
      for (const [what, answer] of [
        ["no cookies", await back(state, {})],
        [
          "another state",
          await back(Buffer.from('{"url":"https://evil.test/"}').toString("base64url"), { cookie }),
        ],
        ["no state", await call(OWN_HOST, "/oauth2/callback?code=abc", { cookie }, "GET")],
      ] as const) {
        assert.equal(answer.status, 401, `${what}: ${answer.text}`);
        assert.equal(answer.headers.location, undefined, what);
      }
    });

    it("sends no script, no upload and no other host's caller anywhere", async () => {
      const asked: [string, string, Record<string, string>, "GET" | "POST"][] = [
        [OWN_HOST, "/v2/models/vad-tenant", { "x-requested-with": "XMLHttpRequest" }, "GET"],
        [OWN_HOST, "/v2/models/vad-tenant", { "sec-fetch-mode": "cors" }, "GET"],
        [OWN_HOST, PATH, {}, "POST"],
        [HOST, "/v2/models/vad-tenant", { accept: "text/html" }, "GET"],
      ];
      for (const [host, path, headers, method] of asked) {
        const answer = await call(host, path, headers, method);
        assert.equal(answer.status, 401, `${host} ${JSON.stringify(headers)}: ${answer.text}`);
        assert.equal(answer.headers.location, undefined);
      }
    });

    it("lets a browser's token pass that came by a header, as anybody's", async () => {
      const answer = await call(
        OWN_HOST,
        "/v2/models/vad-tenant",
        { ...bearer(await token()), accept: "text/html" },
        "GET",
      );
      assert.equal(answer.status, 200, answer.text);
    });
  });
});
