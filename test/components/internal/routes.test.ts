import assert from "node:assert";
import { MOST_MODELS, sharedHttpRoute } from "../../../components/internal/routes";

const target = { gateway: "front", gatewayNamespace: "ns", service: "many" };
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
        assert.deepEqual(filters[0]!.requestHeaderModifier.remove, ["Authorization"]);
      }
      const paths = rules.flatMap(({ matches }) => matches.map(({ path }) => path.value));
      assert.equal(new Set(paths).size, models);
      assert.equal(paths[0], "/v2/models/m0");
    });
  }
});
