import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ServingStack, platformOutput, type ExistingPlatform, type ServingStackArgs } from "../../components";
import { declare } from "./support/declared";
import { IMAGE, stackArgs } from "./support/examples";

async function told(change: Partial<ServingStackArgs> = {}): Promise<[ExistingPlatform, boolean]> {
  let output: pulumi.Output<ExistingPlatform> | undefined;
  await declare(() => (output = platformOutput(new ServingStack("slipway", { ...stackArgs(), ...change }))));
  const value = await new Promise<ExistingPlatform>((resolve) => void output!.apply(resolve));
  return [value, await pulumi.isSecret(output!)];
}

describe("platformOutput", () => {
  let platform: ExistingPlatform;
  let isSecret: boolean;
  before(async () => ([platform, isSecret] = await told()));

  it("names the gateway, who checks tokens with what, the image and who scrapes", () => {
    const { gateway, scrapers, ...rest } = platform;
    assert.deepEqual(rest, { runtimeImage: IMAGE, insecureRegistries: ["10.213.77.2:5000"] });
    assert.deepEqual(
      { ...gateway, tokens: undefined },
      {
        gatewayName: "slipway",
        namespace: "slipway",
        host: "localhost",
        tokens: undefined,
        proxies: {
          namespace: "envoy-gateway-system",
          podLabels: {
            "gateway.envoyproxy.io/owning-gateway-name": "slipway",
            "gateway.envoyproxy.io/owning-gateway-namespace": "slipway",
          },
        },
      },
    );
    assert.equal(gateway.tokens.issuer, "https://slipway.local");
    const [key] = (JSON.parse(gateway.tokens.jwks) as { keys: Record<string, string>[] }).keys;
    assert.deepEqual(Object.keys(key!).sort(), ["alg", "crv", "kid", "kty", "use", "x", "y"]);
    assert.deepEqual(
      scrapers.map(({ namespace }) => namespace),
      ["slipway-monitoring"],
    );
  });

  it("has no secret in it, so that it may be read in the open", () => {
    assert.equal(isSecret, false);
    assert.doesNotMatch(JSON.stringify(platform), /PRIVATE KEY|"d":/);
  });

  it("names no scraper where there is no Prometheus", async () => {
    const [{ scrapers }] = await told({ monitoring: false });
    assert.deepEqual(scrapers, []);
  });
});
