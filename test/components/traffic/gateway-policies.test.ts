import assert from "node:assert";
import { generateKeyPairSync } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { ServingStack, type StackTelemetry } from "../../../components";
import type { GatewaySettings } from "../../../components/traffic/gateway-settings";
import { runPack, type PlainResource } from "../../../policies/testing";
import { ACM_ARN, CERTIFICATE, JWT, KEY } from "../support/callers";
import { declare } from "../support/declared";
import { IMAGE, model, stackArgs } from "../support/examples";
import { UNSEEN_BY_MOCKS } from "../../policies/support/serving-stack";

/** What the models are signed by. */
const KEY_PEM = generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }).toString();

/** Each kind of authentication and each way to the gateway once. */
const PLATFORMS: Record<string, GatewaySettings> = {
  "tokens and certificates, from pages of another origin": {
    auth: { mtls: { caCertificates: CERTIFICATE } },
    cors: { origins: ["https://app.example.com"], credentials: true },
    maxBodyBytes: 1_048_576,
  },
  "an issuer's tokens, to a certificate of cert-manager's": {
    auth: { jwt: JWT },
    certificate: { certManager: { issuerName: "letsencrypt" } },
  },
  "a sign-in, by way of an NLB that is open to the world": {
    auth: { jwt: JWT, oidc: { clientId: "models", clientSecret: pulumi.secret("s3cret") } },
    loadBalancer: { kind: "aws-nlb", scheme: "internet-facing", openToWorld: true },
  },
  "API keys, by way of an ALB": {
    auth: { apiKeys: { clients: { ci: { key: pulumi.secret(KEY) } } } },
    certificate: { acmArn: ACM_ARN },
    loadBalancer: { kind: "aws-alb", sourceRanges: ["10.0.0.0/8"] },
  },
  passwords: { auth: { basic: { users: { ada: { password: pulumi.secret(KEY) } } } } },
};

/** Plain values, as policies see them: the mocks get secrets wrapped. */
function unwrapped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapped);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const isSecret = entries.length === 2 && entries.some(([key]) => key.startsWith("4dabf18193072939"));
  if (isSecret) return unwrapped((value as { value: unknown }).value);
  return Object.fromEntries(entries.map(([key, inner]) => [key, unwrapped(inner)]));
}

/** Advice that the components do not follow yet, and what mocks do not show. */
const EXPECTED = ["container-ephemeral-storage-limit", ...UNSEEN_BY_MOCKS];

async function findings(gateway: GatewaySettings, telemetry?: StackTelemetry): Promise<string[]> {
  const { resources } = await declare(
    () =>
      new ServingStack("slipway", {
        ...stackArgs(),
        monitoring: false,
        telemetry,
        repository: { insecureRegistries: ["10.213.77.2:5000"], signatureKey: KEY_PEM },
        gateway: { host: "models.example.com", ...gateway },
        services: [{ name: "text", models: [model("ocr")] }],
      }),
  );
  const plain = resources
    .filter(({ type }) => !type.startsWith("slipway:"))
    .map(({ type, name, inputs }) => ({ type, name, props: unwrapped(inputs) }) as PlainResource);
  assert.ok(plain.some(({ type }) => type.endsWith(":SecurityPolicy")));
  const outcomes = await runPack(plain);
  return outcomes
    .filter(({ state }) => state === "fail" || state === "indeterminate")
    .filter(({ rule }) => !EXPECTED.includes(rule))
    .map(({ rule, message }) => `${rule}: ${message}`);
}

describe("the policy pack finds nothing in a platform", () => {
  for (const [what, settings] of Object.entries(PLATFORMS)) {
    it(`whose callers bring ${what}`, async () => {
      const found = await findings(settings);
      // That it is open to the world is said of the one that is, so that somebody answers for it.
      const isOpen = what.endsWith("open to the world");
      assert.deepEqual(
        found.map((text) => text.split(":")[0]),
        isOpen ? ["gateway-source-ranges"] : [],
        found.join("\n"),
      );
    });
  }

  it("that traces its requests", async () => {
    const authorization = pulumi.secret(`Bearer ${KEY}`);
    const exporters = [
      { kind: "otlp", endpoint: "http://tempo.tracing.svc:4317" },
      { kind: "otlphttp", endpoint: "https://apm.example.com", headers: { authorization } },
    ] as const;
    assert.deepEqual(await findings({}, { collector: { image: IMAGE, replicas: 2, exporters } }), []);
  });
});
