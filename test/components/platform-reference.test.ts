import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
  CertificateAuthority,
  InferenceService,
  ModelRepository,
  ServiceRoute,
  ServingStack,
  platformOutput,
  type ExistingPlatform,
  type ServingStackArgs,
} from "../../components";
import { CERTIFICATE, KEY } from "./support/callers";
import { declare } from "./support/declared";
import { IMAGE, model, stackArgs } from "./support/examples";

async function told(change: Partial<ServingStackArgs> = {}): Promise<[ExistingPlatform, boolean]> {
  let output: pulumi.Output<ExistingPlatform> | undefined;
  await declare(() => (output = platformOutput(new ServingStack("slipway", { ...stackArgs(), ...change }))));
  const value = await new Promise<ExistingPlatform>((resolve) => void output!.apply(resolve));
  return [value, await pulumi.isSecret(output!)];
}

/** A service of another stack. */
function moderation(namespace: string) {
  const authority = new CertificateAuthority("authority");
  const models = [model("toxicity")];
  const repository = new ModelRepository("models", { models });
  const args = { namespace, image: IMAGE, repository, models, authority };
  return { service: new InferenceService("moderation", args), authority };
}

describe("platformOutput", () => {
  let platform: ExistingPlatform;
  let isSecret: boolean;
  before(async () => ([platform, isSecret] = await told()));

  it("names the gateway, who checks tokens with what, the image and who scrapes", () => {
    const { gateway, scrapers, ...rest } = platform;
    const { security: _security, ...gatewayNames } = gateway;
    assert.deepEqual(rest, { runtimeImage: IMAGE, insecureRegistries: ["10.213.77.2:5000"] });
    assert.deepEqual(
      { ...gatewayNames, tokens: undefined },
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

  it("tells how the gateway asks its callers, so that routes of another stack do it just so, without a key", async () => {
    const gateway = {
      ...stackArgs().gateway,
      host: "models.example.com",
      auth: {
        apiKeys: { clients: { ci: { key: KEY } } },
        mtls: { caCertificates: CERTIFICATE },
      },
      cors: { origins: ["https://app.example.com"] },
      maxBodyBytes: 1_000_000,
    };
    const [other, secret] = await told({ gateway });
    assert.equal(secret, false);
    assert.ok(!JSON.stringify(other).includes(KEY));
    // As it comes out of a stack's state.
    const read = (JSON.parse(JSON.stringify(other)) as ExistingPlatform).gateway;
    const declared = await declare(() => {
      new ServingStack("slipway", { ...stackArgs(), gateway });
      const { service, authority } = moderation(read.namespace);
      new ServiceRoute("moderation", { gateway: read, service, authority });
    });
    for (const kind of ["SecurityPolicy", "BackendTrafficPolicy"]) {
      const specs = (service: string) =>
        declared
          .kind(kind)
          .filter(({ inputs }) => inputs.metadata.name.startsWith(`${service}-`))
          .map(({ inputs }) => JSON.stringify(inputs.spec).replaceAll(`"${service}`, '"SERVICE'))
          .sort();
      assert.ok(specs("text").length >= 2);
      assert.deepEqual(specs("moderation"), specs("text"), kind);
    }
  });

  it("is told as nothing but tokens by a platform that does not say how it asks", async () => {
    const { security: _security, ...older } = platform.gateway;
    const declared = await declare(() => {
      const { service, authority } = moderation(older.namespace);
      new ServiceRoute("moderation", { gateway: older, service, authority });
    });
    const { spec } = declared.object("SecurityPolicy", "moderation-http");
    assert.equal(spec.jwt.providers[0].issuer, "https://slipway.local");
  });

  it("names no scraper where there is no Prometheus", async () => {
    const [{ scrapers }] = await told({ monitoring: false });
    assert.deepEqual(scrapers, []);
  });
});
