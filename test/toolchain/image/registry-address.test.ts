import assert from "node:assert/strict";
import { repositoryUrl, speaksPlainHttp } from "../../../toolchain/image/registry-address";

describe("registry address", () => {
  for (const [registry, url] of [
    ["10.213.77.2:5000", "http://10.213.77.2:5000/v2/slipway/runtime"],
    ["localhost:5000", "http://localhost:5000/v2/slipway/runtime"],
    ["[::1]:5000", "http://[::1]:5000/v2/slipway/runtime"],
    ["172.32.0.1", "https://172.32.0.1/v2/slipway/runtime"],
    ["10.example.com", "https://10.example.com/v2/slipway/runtime"],
    ["registry.example.com", "https://registry.example.com/v2/slipway/runtime"],
    ["registry.example.com:5000/ml/team-a", "https://registry.example.com:5000/v2/ml/team-a/slipway/runtime"],
  ] as const) {
    it(`finds the repositories of ${registry}`, () => {
      assert.equal(repositoryUrl(registry, "slipway/runtime"), url);
      assert.equal(speaksPlainHttp(registry), url.startsWith("http:"));
    });
  }

  for (const registry of [
    "",
    "https://registry.example.com",
    "registry.example.com/",
    "host/../x",
    "a b",
    "host?x",
  ]) {
    it(`refuses "${registry}"`, () => {
      assert.throws(() => repositoryUrl(registry, "x"), {
        name: "SlipwayError",
        message: `The registry "${registry}" must be a host, as in registry.example.com:5000/team: no scheme, lower-case path.`,
      });
    });
  }
});
