import assert from "node:assert";
import { SERVICE_DEFAULTS } from "../../components/serving/service-settings";
import { ROUTE_DEFAULTS } from "../../components/traffic/service-route";
import { GATEWAY_DEFAULTS } from "../../components/traffic/gateway-settings";
import { ConfigError } from "../../stacks/config-error";
import { SERVICE_FIELDS } from "../../stacks/service-config";
import { readerOf, SETTINGS } from "../../stacks/settings";
import { stackArgs } from "../../stacks/stack-args";

const MODEL = { name: "a", version: "1", source: "oci://r/a@sha256:0", sha256: "0" };
const SERVICE = { name: "text", models: [MODEL] };

const reader = (values: Record<string, unknown>) =>
  readerOf(
    "local",
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => [
        key,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
  );

/** Reads everything, as a profile does. */
const read = (values: Record<string, unknown>) => () =>
  stackArgs(reader({ runtimeImage: "i", services: [SERVICE], ...values }), "localhost");

describe("configuration", () => {
  it("is read as it is written", () => {
    const args = read({
      gatewayNodePort: 30443,
      insecureRegistries: ["10.0.0.1:5000"],
      tokenIssuer: "https://i",
    })();
    assert.equal(args.runtimeImage, "i");
    assert.deepEqual(args.services, [SERVICE]);
    assert.equal(args.tokenIssuer, "https://i");
    assert.ok(args.gateway && "nodePort" in args.gateway && args.gateway.nodePort === 30443);
  });

  it("names its issuer after the profile", () => {
    assert.equal(read({})().tokenIssuer, "https://slipway.local");
  });

  const wrong: [string, Record<string, unknown>, string | RegExp][] = [
    [
      "a key that does not exist",
      { hots: "x" },
      /^`slipway:hots` is no key of the configuration; there are runtimeImage, /,
    ],
    [
      "an empty value",
      { host: "", envoyImage: "" },
      "`slipway:envoyImage` must not be empty; leave the key out to have its default.",
    ],
    [
      "a port that is none",
      { gatewayNodePort: "http" },
      '`slipway:gatewayNodePort` ("http") must be a whole number from 1 to 65535.',
    ],
    [
      "a port out of range",
      { prometheusNodePort: 70000 },
      '`slipway:prometheusNodePort` ("70000") must be a whole number from 1 to 65535.',
    ],
    [
      "a service type that does not exist",
      { gatewayServiceType: "Ingress" },
      '`slipway:gatewayServiceType` ("Ingress") must be one of LoadBalancer, NodePort, ClusterIP.',
    ],
    [
      "a list that is none",
      { insecureRegistries: "a" },
      "`slipway:insecureRegistries` (a) must be a list of texts.",
    ],
    [
      "services that are no list",
      { services: "text" },
      "`slipway:services` (text) must be a list of at least one service.",
    ],
    ["no service", { services: [] }, "`slipway:services` ([]) must be a list of at least one service."],
    [
      "a service without models",
      { services: [{ name: "text" }] },
      "`slipway:services[0].models` is missing: a list of models. The models it serves; a model belongs to one service.",
    ],
    [
      "a field that does not exist",
      { services: [{ ...SERVICE, replica: 1 }] },
      /^`slipway:services\[0\]\.replica` does not exist; there are name, models, rollout, replicas, /,
    ],
    [
      "a field of another type",
      { services: [{ ...SERVICE, replicas: "2" }] },
      '`slipway:services[0].replicas` ("2") must be a number.',
    ],
    [
      "a version without quotes",
      { services: [{ ...SERVICE, models: [{ ...MODEL, version: 4 }] }] },
      "`slipway:services[0].models[0].version` (4) must be a text.",
    ],
    [
      "a model without its digest",
      { services: [{ ...SERVICE, models: [{ name: "a", version: "1" }] }] },
      "`slipway:services[0].models[0].sha256` is missing: a text. SHA-256 of `model.onnx` in hex.",
    ],
  ];
  for (const [what, values, message] of wrong) {
    it(`refuses ${what}`, () => {
      assert.throws(read(values), (error) => {
        assert.ok(error instanceof ConfigError);
        if (typeof message === "string") assert.equal(error.message, message);
        else assert.match(error.message, message);
        return true;
      });
    });
  }

  it("names a required key that is missing, and the file", () => {
    assert.throws(() => reader({}).requiredText("runtimeImage"), {
      message:
        "`slipway:runtimeImage` is missing in Pulumi.local.yaml: Image of the inference server, with a digest. (Profile `local` gets it from `npm run up`.)",
    });
    assert.throws(() => reader({}).services(), /^ConfigError: `slipway:services` is missing/);
  });

  it("documents the components' own defaults", () => {
    const code = (value: unknown) => `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
    for (const [field, value] of Object.entries(SERVICE_DEFAULTS)) {
      assert.equal(
        (SERVICE_FIELDS as Record<string, { default?: string }>)[field]?.default,
        code(value),
        field,
      );
    }
    assert.equal(SETTINGS.gatewayReplicas.default, code(GATEWAY_DEFAULTS.replicas));
    assert.equal(SETTINGS.gatewayServiceType.default, code(GATEWAY_DEFAULTS.serviceType));
    assert.equal(SETTINGS.requestsPerSecond.default, code(ROUTE_DEFAULTS.requestsPerSecond));
    assert.equal(SETTINGS.requestTimeout.default, code(ROUTE_DEFAULTS.requestTimeout));
  });
});
