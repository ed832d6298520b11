import assert from "node:assert";
import { MOST_MODELS, grpcRoute, ownHttpRoute, sharedHttpRoute } from "../../../components/internal/routes";

const target = {
  gateway: "front",
  gatewayNamespace: "ns",
  service: "many",
  credentialHeaders: ["Authorization"],
};
const route = (count: number) =>
  sharedHttpRoute(
    "localhost",
    Array.from({ length: count }, (_, i) => `m${i}`),
    target,
  );

describe("sharedHttpRoute", () => {
  const cases: [number, number[]][] = [
    [1, [1]],
    [64, [64]],
    [65, [64, 1]],
    [MOST_MODELS, [64, 64]],
  ];
  for (const [models, expected] of cases) {
    it(`spreads ${models} models over ${expected.length} rules that each lead to the service`, () => {
      const { rules } = route(models);
      assert.deepEqual(
        rules.map(({ matches }) => matches.length),
        expected,
      );
      for (const { backendRefs, filters } of rules) {
        assert.equal(backendRefs[0]!.name, "many");
        assert.deepEqual(filters[0]!.requestHeaderModifier!.remove, ["Authorization"]);
      }
      const paths = rules.flatMap(({ matches }) => matches.map(({ path }) => path.value));
      assert.equal(new Set(paths).size, models);
      assert.equal(paths[0], "/v2/models/m0");
    });
  }
});

describe("routes of calls that must not be repeated", () => {
  it("have a rule of their own over HTTP, more specific than that of the protocol", () => {
    const { rules } = ownHttpRoute("many.localhost", target);
    assert.deepEqual(
      rules.map(({ matches, ...rule }) => [(rule as { name?: string }).name, matches[0]!.path]),
      [
        [undefined, { type: "PathPrefix", value: "/v2" }],
        ["control", { type: "PathPrefix", value: "/v2/repository" }],
      ],
    );
  });

  it("have a rule of their own over gRPC, which still names the service", () => {
    const { rules } = grpcRoute("localhost", "many", target);
    const headers = [{ type: "Exact", name: "slipway-service", value: "many" }];
    assert.deepEqual(rules[1], {
      name: "control",
      matches: ["RepositoryModelLoad", "RepositoryModelUnload"].map((method) => ({
        method: { type: "Exact", service: "inference.GRPCInferenceService", method },
        headers,
      })),
      filters: [{ type: "RequestHeaderModifier", requestHeaderModifier: { remove: ["Authorization"] } }],
      backendRefs: [{ group: "", kind: "Service", name: "many", port: 8001, weight: 1 }],
    });
    assert.ok(
      grpcRoute("many.localhost", undefined, target).rules.every(
        ({ matches }) => !("headers" in matches[0]!),
      ),
    );
  });

  it("keep every credential from the server, on every rule", () => {
    const bare = { ...target, credentialHeaders: ["Authorization", "Cookie"] };
    const rules = [
      ...sharedHttpRoute("localhost", ["m"], bare).rules,
      ...ownHttpRoute("many.localhost", bare, ["/oauth2/callback"]).rules,
      ...grpcRoute("localhost", "many", bare).rules,
    ];
    assert.equal(rules.length, 6);
    for (const { filters } of rules)
      assert.deepEqual(filters[0]!.requestHeaderModifier!.remove, ["Authorization", "Cookie"]);
  });
});
