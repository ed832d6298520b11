import assert from "node:assert";
import { backendTrafficPolicy } from "../../../components/internal/traffic-policy";
import { ROUTE_DEFAULTS } from "../../../components/traffic/service-route";

describe("backendTrafficPolicy", () => {
  it("limits every client address, IPv6 like IPv4", () => {
    const { rules } = backendTrafficPolicy("HTTPRoute", ["r"], { ...ROUTE_DEFAULTS, requestsPerSecond: 7 })
      .rateLimit.local;
    assert.deepEqual(
      rules.map(({ clientSelectors, limit }) => [clientSelectors[0]!.sourceCIDR, limit.requests]),
      [
        [{ type: "Distinct", value: "0.0.0.0/0" }, 7],
        [{ type: "Distinct", value: "::/0" }, 7],
      ],
    );
  });
});
