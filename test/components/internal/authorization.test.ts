import assert from "node:assert";
import { ownTokens } from "../../../components/internal/authentication";
import { grpcSecurityPolicy, httpSecurityPolicy } from "../../../components/internal/authorization";

const RULES = ownTokens({ issuer: "https://slipway.local", audience: "slipway", jwks: "{}" });

interface Rule {
  name: string;
  operation?: { methods: string[]; path?: { value: string } };
}

/** Names of the rules that a request of this method and path falls under; Envoy matches the whole path. */
function rulesOf(policy: { authorization: { rules: Rule[] } }, method: string, path: string): string[] {
  return policy.authorization.rules
    .filter(({ operation }) => {
      if (!operation) return true;
      if (!operation.methods.includes(method)) return false;
      return !operation.path || new RegExp(`^(?:${operation.path.value})$`).test(path);
    })
    .map((rule) => rule.name);
}

describe("authorization", () => {
  const http = httpSecurityPolicy(["text"], RULES);
  const grpc = grpcSecurityPolicy(["text"], RULES);

  it("denies what no rule allows", () => {
    assert.equal(http.authorization.defaultAction, "Deny");
    assert.equal(grpc.authorization.defaultAction, "Deny");
  });

  it("asks for client certificates in every rule where the gateway does", () => {
    const { authorization } = httpSecurityPolicy(["text"], RULES, { clientCertificates: true });
    assert.deepEqual(
      authorization.rules.map(({ cel }) => cel),
      ["connection.mtls", "connection.mtls", "connection.mtls"],
    );
    assert.ok(http.authorization.rules.every((rule) => !("cel" in rule)));
  });

  it("has CORS on HTTP alone", () => {
    const cors = { allowOrigins: ["https://app.example.com"] };
    assert.deepEqual(httpSecurityPolicy(["text"], RULES, { cors }).cors, cors);
    assert.ok(!("cors" in grpcSecurityPolicy(["text"], RULES, { cors })));
  });

  it("has no rule for a right that nobody has", () => {
    const nobody = { ...RULES, callers: { any: RULES.callers.any } };
    const { rules } = httpSecurityPolicy(["text"], nobody).authorization;
    assert.deepEqual(
      rules.map(({ name }) => name),
      ["read"],
    );
  });

  it("lets the scope `infer` infer, and nothing else that changes something", () => {
    const cases: [string, string, string[]][] = [
      ["POST", "/v2/models/a/infer", ["admin", "infer"]],
      ["POST", "/v2/models/a.b-c_d/versions/4/infer", ["admin", "infer"]],
      ["POST", "/v2/models/a/infer?x=1", ["admin", "infer"]],
      ["POST", "/v2/models/a/generate_stream", ["admin", "infer"]],
      ["POST", "/v2/models/a/feedback", ["admin", "infer"]],
      ["POST", "/v2/models/a/versions/4/feedback", ["admin", "infer"]],
      ["GET", "/v2/models/a", ["admin", "read"]],
      ["HEAD", "/v2/health/ready", ["admin", "read"]],
      ["GET", "/v2/models/a/infer", ["admin", "read"]],
      ["POST", "/v2/repository/index", ["admin"]],
      ["POST", "/v2/repository/models/a/unload", ["admin"]],
      ["POST", "/v2/repository/models/a/load?x=/v2/models/a/infer", ["admin"]],
      ["POST", "/v2/models/a/b/infer", ["admin"]],
      ["POST", "/v2/models/../infer/load", ["admin"]],
      ["POST", "/v2/models/a%2f..%2fb/infer", ["admin"]],
      ["POST", "/v2/models/a/infer/", ["admin"]],
      ["PUT", "/v2/models/a/infer", ["admin"]],
      ["DELETE", "/v2/models/a", ["admin"]],
    ];
    for (const [method, path, names] of cases)
      assert.deepEqual(rulesOf(http, method, path), names, `${method} ${path}`);
  });

  it("does the same for gRPC methods", () => {
    const call = (method: string) => rulesOf(grpc, "POST", `/inference.GRPCInferenceService/${method}`);
    assert.deepEqual(call("ModelInfer"), ["admin", "infer"]);
    assert.deepEqual(call("ModelStreamInfer"), ["admin", "infer"]);
    assert.deepEqual(call("ModelMetadata"), ["admin", "read"]);
    assert.deepEqual(rulesOf(grpc, "POST", "/grpc.health.v1.Health/Check"), ["admin", "read"]);
    assert.deepEqual(call("RepositoryIndex"), ["admin"]);
    assert.deepEqual(call("RepositoryModelUnload"), ["admin"]);
    assert.deepEqual(rulesOf(grpc, "POST", "/inferenceXGRPCInferenceService/ModelInfer"), ["admin"]);
  });

  it("names every route by itself", () => {
    assert.deepEqual(httpSecurityPolicy(["a", "b"], RULES).targetRefs, [
      { group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "a" },
      { group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "b" },
    ]);
  });
});
