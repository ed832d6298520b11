import assert from "node:assert/strict";
import { credentials as channelCredentials } from "@grpc/grpc-js";
import { writeFileSync } from "node:fs";
import { request } from "node:https";
import { once } from "node:events";
import { join } from "node:path";
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from "jose";
import { hashOfKey } from "../../../runtime/auth/api-keys";
import { TestAuthority } from "../support/certificates";
import { grpcClient } from "../support/grpc-client";
import { modelFolder } from "../support/model-folder";
import { RunningServer } from "../support/running-server";

/** ServingStatus of grpc.health.v1. */
const SERVING = 1;

describe("a server that asks for credentials", () => {
  const line = (name: string, scopes: string) => `${name} sha256:${hashOfKey(name)} ${scopes}`;
  const files = modelFolder({
    keys: [line("reader", "infer"), line("operator", "infer,admin"), line("prometheus", "metrics")].join(
      "\n",
    ),
  });
  let server: RunningServer;
  let privateKey: CryptoKey;

  before(async () => {
    const pair = await generateKeyPair("ES256", { extractable: true });
    privateKey = pair.privateKey;
    const jwk = { ...(await exportJWK(pair.publicKey)), kid: "k" };
    writeFileSync(join(files, "jwks.json"), JSON.stringify({ keys: [jwk] }));
    server = await RunningServer.start(modelFolder({}), {
      jwksFile: join(files, "jwks.json"),
      jwtIssuer: "https://issuer",
      jwtAudience: "slipway",
      apiKeysFile: join(files, "keys"),
      metricsAuth: true,
    });
  });
  after(() => server.close());

  const token = (scope: string) =>
    new SignJWT({ scope })
      .setProtectedHeader({ alg: "ES256", kid: "k" })
      .setIssuer("https://issuer")
      .setAudience("slipway")
      .setSubject("ana")
      .setExpirationTime("1m")
      .sign(privateKey);
  const wanted =
    "Credentials are required: a token as `Authorization: Bearer …` or an API key as `X-API-Key: …`.";

  it("answers probes to anyone", async () => {
    for (const path of ["/v2/health/live", "/v2/health/ready"]) {
      assert.equal((await server.call("GET", path)).status, 200);
    }
    const client = grpcClient(server.grpcAddress);
    assert.equal((await client.call("ServerLive", {})).live, true);
    assert.equal((await client.call("Check", {}, "grpc.health.v1.Health")).status, SERVING);
    client.close();
  });

  it("refuses everything else without them, before a body is read", async () => {
    for (const [method, path] of [
      ["GET", "/v2/models/m"],
      ["GET", "/v2/models/m/ready"],
      ["GET", "/v2/models/stats"],
      ["POST", "/v2/models/m/infer"],
      ["POST", "/v2/repository/index"],
      ["POST", "/v2/repository/models/m/load"],
    ] as const) {
      const { status, body, headers } = await server.call(method, path, method === "POST" ? "{" : undefined);
      assert.deepEqual([path, status, body], [path, 401, { error: wanted }]);
      assert.equal(headers.get("www-authenticate"), 'Bearer realm="slipway", ApiKey realm="slipway"');
    }
  });

  it("takes keys and tokens, and keeps each to its scopes", async () => {
    const infer = (headers: Record<string, string>) => server.call("GET", "/v2/models/m", undefined, headers);
    const load = (headers: Record<string, string>) =>
      server.call("POST", "/v2/repository/models/m/load", "{}", headers);
    const bearer = async (scope: string) => ({ authorization: `Bearer ${await token(scope)}` });
    assert.equal((await infer({ "x-api-key": "reader" })).status, 404);
    assert.equal((await infer(await bearer("infer"))).status, 404);
    assert.equal((await load({ "x-api-key": "operator" })).status, 409);
    for (const [answer, error] of [
      [await infer(await bearer("admin")), "`ana` lacks the scope `infer` that this needs; it has admin."],
      [
        await load({ "x-api-key": "reader" }),
        "`reader` lacks the scope `admin` that this needs; it has infer.",
      ],
    ] as const) {
      assert.deepEqual([answer.status, answer.body], [403, { error }]);
    }
    const wrong = await infer({ "x-api-key": "nobody" });
    assert.deepEqual([wrong.status, wrong.body], [401, { error: "The API key is not valid." }]);
  });

  it("does the same on gRPC", async () => {
    const client = grpcClient(server.grpcAddress);
    const call = (headers: Record<string, string>) =>
      client.call("ModelMetadata", { name: "m" }, undefined, headers);
    try {
      await assert.rejects(call({}), { code: 16, details: wanted });
      await assert.rejects(call({ "x-api-key": "reader" }), { code: 5 });
      await assert.rejects(call({ authorization: `Bearer ${await token("infer")}` }), { code: 5 });
      await assert.rejects(call({ "x-api-key": "prometheus" }), {
        code: 7,
        details: "`prometheus` lacks the scope `infer` that this needs; it has metrics.",
      });
    } finally {
      client.close();
    }
  });

  it("asks for the scope metrics on the metrics port", async () => {
    const metrics = (headers: Record<string, string>) =>
      fetch(`http://127.0.0.1:${server.server.ports().metrics}/metrics`, { headers });
    const refused = await metrics({});
    assert.deepEqual([refused.status, await refused.text()], [401, `${wanted}\n`]);
    assert.equal(refused.headers.get("www-authenticate"), 'Bearer realm="slipway", ApiKey realm="slipway"');
    assert.equal((await metrics({ "x-api-key": "operator" })).status, 403);
    assert.equal((await metrics({ "x-api-key": "prometheus" })).status, 200);
    assert.equal((await metrics({ authorization: `Bearer ${await token("metrics")}` })).status, 200);
  });
});

describe("a server that knows its clients by certificates", () => {
  it("takes their names for subjects, on HTTP and gRPC", async () => {
    const dir = modelFolder({});
    const authority = new TestAuthority(dir, "authority");
    const own = authority.issue("server");
    writeFileSync(join(dir, "tls.crt"), own.cert);
    writeFileSync(join(dir, "tls.key"), own.key);
    const server = await RunningServer.start(modelFolder({}), {
      tlsCert: join(dir, "tls.crt"),
      tlsKey: join(dir, "tls.key"),
      tlsClientCa: authority.file,
    });
    const { cert, key } = authority.issue("gateway");
    const denied = "`gateway` lacks the scope `admin` that this needs; it has infer.";
    const { http, grpc } = server.server.ports();
    const client = grpcClient(`localhost:${grpc}`, channelCredentials.createSsl(authority.pem, key, cert));
    try {
      const path = "/v2/repository/models/m/load";
      const sent = request({
        port: http,
        host: "127.0.0.1",
        ca: authority.pem,
        cert,
        key,
        agent: false,
        method: "POST",
        path,
      });
      const [response] = await once(sent.end("{}"), "response");
      let text = "";
      for await (const chunk of response) text += String(chunk);
      assert.deepEqual([response.statusCode, JSON.parse(text)], [403, { error: denied }]);
      await assert.rejects(client.call("ModelMetadata", { name: "m" }), { code: 5 });
      await assert.rejects(client.call("RepositoryModelLoad", { model_name: "m" }), {
        code: 7,
        details: denied,
      });
    } finally {
      client.close();
      await server.close();
    }
  });
});
