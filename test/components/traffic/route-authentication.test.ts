import assert from "node:assert";
import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { ServingStack, type ApiGatewayArgs, type CorsSettings, type GatewayAuth } from "../../../components";
import { CERTIFICATE, JWT, KEY } from "../support/callers";
import { declare, type Declaration } from "../support/declared";
import { model, stackArgs } from "../support/examples";

const OTHER_KEY = "fedcba9876543210fedcba9876543210";

type Settings = Partial<Omit<ApiGatewayArgs, "namespace" | "authority" | "tokens">>;

/** A platform of one service behind a gateway with these settings. */
function stack(gateway: Settings): () => ServingStack {
  return () =>
    new ServingStack("slipway", {
      ...stackArgs(),
      monitoring: false,
      gateway: { host: "models.example.com", ...gateway },
      services: [{ name: "text", models: [model("ocr")] }],
    });
}

const policies = (declared: Declaration) =>
  new Map(declared.kind("SecurityPolicy").map(({ inputs }) => [inputs.metadata.name as string, inputs.spec]));

const targets = (spec: { targetRefs: { kind: string; name: string }[] }) =>
  spec.targetRefs.map(({ kind, name }) => `${kind}/${name}`);

/** The Secret of a role, its texts decoded. Mocks get secrets wrapped: that one is, and nothing in the clear, is asserted. */
function secretOf(declared: Declaration, role: string): Record<string, string> {
  const found = declared.kind("Secret").find(({ name }) => name === role);
  assert.ok(found, `no Secret ${role}`);
  const { data } = found.inputs;
  assert.ok("value" in data, "the data are not a secret");
  return Object.fromEntries(
    Object.entries(data.value as Record<string, string>).map(([key, text]) => [
      key,
      Buffer.from(text, "base64").toString(),
    ]),
  );
}

describe("authentication of routes", () => {
  it("is the same, complete, in the policy of every route", async () => {
    const clients = { ci: { key: KEY }, operator: { key: OTHER_KEY, scopes: ["infer", "admin"] as const } };
    const declared = await declare(stack({ auth: { apiKeys: { clients } } }));
    const found = policies(declared);
    assert.deepEqual([...found.keys()].sort(), ["text-grpc", "text-http"]);
    assert.deepEqual([...found.values()].flatMap(targets).sort(), [
      "GRPCRoute/text",
      "GRPCRoute/text-host",
      "HTTPRoute/text",
      "HTTPRoute/text-host",
    ]);
    for (const spec of found.values()) {
      assert.deepEqual(spec.apiKeyAuth.credentialRefs, [
        { group: "", kind: "Secret", name: "slipway-api-keys-chosen" },
      ]);
      assert.equal(spec.jwt, undefined);
      assert.equal(spec.authorization.defaultAction, "Deny");
      assert.deepEqual(
        spec.authorization.rules.map((rule: { name: string; principal: object }) => [
          rule.name,
          rule.principal,
        ]),
        [
          ["admin", { headers: [{ name: "slipway-client", values: ["operator"] }] }],
          ["infer", { headers: [{ name: "slipway-client", values: ["ci", "operator"] }] }],
          ["read", { headers: [{ name: "slipway-client", values: ["ci", "operator"] }] }],
        ],
      );
    }
    assert.deepEqual(secretOf(declared, "slipway-api-keys"), { ci: KEY, operator: OTHER_KEY });
  });

  it("keeps the state free of keys in the clear, however they are given", async () => {
    const clients = { ci: { key: KEY }, bot: { key: pulumi.secret(OTHER_KEY) } };
    const declared = await declare(stack({ auth: { apiKeys: { clients } } }));
    const secret = declared.kind("Secret").find(({ name }) => name === "slipway-api-keys");
    const { resources } = declared;
    const open = JSON.stringify(resources.filter((resource) => resource !== secret));
    for (const key of [KEY, OTHER_KEY]) {
      assert.ok(!open.includes(key));
      assert.ok(!open.includes(Buffer.from(key).toString("base64")));
    }
    assert.deepEqual(secretOf(declared, "slipway-api-keys"), { ci: KEY, bot: OTHER_KEY });
  });

  it("hashes passwords into the one form that Envoy reads", async () => {
    const password = "correct horse battery staple";
    const users = { ada: { password }, grace: { password: pulumi.secret(password), scopes: [] } };
    const declared = await declare(stack({ auth: { basic: { users } } }));
    const hash = `{SHA}${createHash("sha1").update(password).digest("base64")}`;
    assert.deepEqual(secretOf(declared, "slipway-users"), { ".htpasswd": `ada:${hash}\ngrace:${hash}` });
    const spec = policies(declared).get("text-http");
    assert.deepEqual(spec.basicAuth.users, { group: "", kind: "Secret", name: "slipway-users-chosen" });
    assert.deepEqual(
      spec.authorization.rules.map(({ name }: { name: string }) => name),
      ["infer", "read"],
    );
  });

  it("checks an issuer's tokens by its claims", async () => {
    const claims = { admin: { name: "realm_access.roles", values: ["ml-admin"] } };
    const declared = await declare(stack({ auth: { jwt: { ...JWT, claims } } }));
    for (const { jwt, authorization } of policies(declared).values()) {
      assert.deepEqual(jwt.providers[0].remoteJWKS, { uri: JWT.jwksUri, cacheDuration: "300s" });
      assert.deepEqual(
        authorization.rules.map(({ name }: { name: string }) => name),
        ["admin", "read"],
      );
      assert.deepEqual(authorization.rules[0].principal.jwt.claims, [
        { name: "realm_access.roles", valueType: "StringArray", values: ["ml-admin"] },
      ]);
    }
  });

  it("lets people sign in on a service's own host, where the same tokens do as elsewhere", async () => {
    const oidc = { clientId: "models", clientSecret: "s3cret" };
    const declared = await declare(stack({ auth: { jwt: JWT, oidc } }));
    const found = policies(declared);
    // Guarded as a whole whatever happens to the policy of its rules, which takes its place there.
    assert.deepEqual(targets(found.get("text-http")), ["HTTPRoute/text", "HTTPRoute/text-host"]);
    const own = declared.object("HTTPRoute", "text-host").spec.rules as { name: string }[];
    assert.deepEqual(
      found.get("text-sign-in").targetRefs,
      own.map(({ name }) => ({
        group: "gateway.networking.k8s.io",
        kind: "HTTPRoute",
        name: "text-host",
        sectionName: name,
      })),
    );
    assert.deepEqual(
      own.map(({ name }) => name),
      ["protocol", "control", "sign-in"],
    );
    assert.deepEqual(targets(found.get("text-grpc")), ["GRPCRoute/text", "GRPCRoute/text-host"]);
    const { oidc: signIn, targetRefs: _, ...rest } = found.get("text-sign-in");
    const { targetRefs: __, ...plain } = found.get("text-http");
    assert.deepEqual(rest, plain);
    assert.equal(signIn.clientSecret.name, "slipway-sign-in-chosen");
    assert.deepEqual(secretOf(declared, "slipway-sign-in"), { "client-secret": "s3cret" });
    const { rules } = declared.object("HTTPRoute", "text-host").spec;
    assert.deepEqual(
      rules.at(-1).matches.map(({ path }: { path: object }) => path),
      [
        { type: "Exact", value: "/oauth2/callback" },
        { type: "Exact", value: "/oauth2/logout" },
      ],
    );
    assert.deepEqual(rules[0].filters[0].requestHeaderModifier.remove, ["Authorization", "Cookie"]);
    assert.equal(declared.object("HTTPRoute", "text").spec.rules.length, 1);
  });

  it("has policies of single rules once the rules are there, and those of whole routes before", async () => {
    const oidc = { clientId: "models", clientSecret: "s3cret" };
    const declared = await declare(stack({ auth: { jwt: JWT, oidc } }), ["HTTPRoute", "GRPCRoute"]);
    const names = declared.resources.map(({ name }) => name);
    const routes = ["text-http-shared", "text-http-own", "text-grpc-shared", "text-grpc-own"].map((name) =>
      names.indexOf(name),
    );
    for (const role of ["http-control", "grpc-control", "sign-in-auth"])
      assert.ok(names.indexOf(`text-${role}`) > Math.max(...routes), role);
    for (const role of ["http-auth", "grpc-auth", "http-traffic", "grpc-traffic"])
      assert.ok(names.indexOf(`text-${role}`) < Math.min(...routes), role);
  });

  it("asks for client certificates at the connection and again in every route's policy", async () => {
    const mtls = { caCertificates: CERTIFICATE, uris: ["spiffe://example.com/team"] };
    const declared = await declare(stack({ auth: { mtls } }));
    const { tls, headers } = declared.object("ClientTrafficPolicy", "slipway").spec;
    assert.deepEqual(tls, {
      minVersion: "1.2",
      clientValidation: {
        mode: "RequireAndVerify",
        caCertificateRefs: [{ group: "", kind: "ConfigMap", name: "slipway-client-ca-chosen" }],
        subjectAltNames: { uris: [{ type: "Exact", value: "spiffe://example.com/team" }] },
      },
    });
    assert.deepEqual(headers, { requestID: "Generate", xForwardedClientCert: { mode: "Sanitize" } });
    const authorities = declared.kind("ConfigMap").find(({ name }) => name === "slipway-client-ca");
    assert.deepEqual(authorities!.inputs.data, { "ca.crt": CERTIFICATE });
    for (const { jwt, authorization } of policies(declared).values()) {
      // The certificate says which machine calls; what it may do its token still has to say.
      assert.equal(jwt.providers.length, 1);
      assert.ok(authorization.rules.every(({ cel }: { cel?: string }) => cel === "connection.mtls"));
    }
  });

  it("answers other origins' preflights, over HTTP alone", async () => {
    const declared = await declare(stack({ cors: { origins: ["https://app.example.com"] } }));
    const found = policies(declared);
    assert.deepEqual(found.get("text-http").cors, {
      allowOrigins: ["https://app.example.com"],
      allowMethods: ["GET", "HEAD", "POST"],
      allowHeaders: ["Authorization", "Content-Type", "Inference-Header-Content-Length"],
      exposeHeaders: ["Inference-Header-Content-Length"],
      maxAge: "600s",
      allowCredentials: false,
    });
    assert.ok(!("cors" in found.get("text-grpc")));
  });

  it("lets pages send the header that keys are in", async () => {
    const auth: GatewayAuth = { apiKeys: { header: "X-Model-Key", clients: { page: { key: KEY } } } };
    const cors: CorsSettings = { origins: ["https://app.example.com"], credentials: true, maxAge: 0 };
    const spec = policies(await declare(stack({ auth, cors }))).get("text-http");
    assert.ok(spec.cors.allowHeaders.includes("X-Model-Key"));
    assert.equal(spec.cors.allowCredentials, true);
    assert.equal(spec.cors.maxAge, "0s");
  });

  it("limits bodies over HTTP, on every rule, and lets gRPC stream", async () => {
    const declared = await declare(stack({ maxBodyBytes: 1_048_576 }));
    const limit = (name: string) => declared.object("BackendTrafficPolicy", name).spec.requestBuffer;
    assert.deepEqual(limit("text-http"), { limit: "1048576" });
    assert.deepEqual(limit("text-http-control"), { limit: "1048576" });
    assert.equal(limit("text-grpc"), undefined);
    assert.equal(limit("text-grpc-control"), undefined);
  });
});
