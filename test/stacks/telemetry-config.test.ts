import assert from "node:assert";
import { ConfigError } from "../../stacks/config-error";
import { readerOf } from "../../stacks/settings";
import { telemetryArgs } from "../../stacks/telemetry-config";

const IMAGE = `registry.example.com/otel@sha256:${"0".repeat(64)}`;
const COLLECTOR = { collector: { image: IMAGE } };
const TEMPO = { kind: "otlp", endpoint: "http://tempo.tracing.svc:4317" };

function args(telemetry?: unknown, telemetryExporters?: unknown) {
  const values: Record<string, string> = {};
  if (telemetry !== undefined) values["telemetry"] = JSON.stringify(telemetry);
  if (telemetryExporters !== undefined) values["telemetryExporters"] = JSON.stringify(telemetryExporters);
  return telemetryArgs(readerOf("onprem", values));
}

describe("configuration of telemetry", () => {
  it("traces nothing unless asked to", () => assert.equal(args(), undefined));

  it("gives a collector its exporters", () =>
    assert.deepEqual(args({ ...COLLECTOR, samplePercent: 5 }, [TEMPO]), {
      collector: { image: IMAGE, exporters: [TEMPO] },
      samplePercent: 5,
    }));

  it("takes a receiver that is there already", () =>
    assert.deepEqual(args({ endpoint: "https://otlp.example.com" }), {
      endpoint: "https://otlp.example.com",
    }));

  const refused: [string, unknown, unknown, string][] = [
    [
      "neither",
      { samplePercent: 1 },
      undefined,
      "`slipway:telemetry` must have either `collector` or `endpoint`.",
    ],
    [
      "both",
      { ...COLLECTOR, endpoint: "https://x" },
      [TEMPO],
      "`slipway:telemetry` must have either `collector` or `endpoint`.",
    ],
    [
      "a collector that sends nowhere",
      COLLECTOR,
      undefined,
      "`slipway:telemetry.collector` needs `slipway:telemetryExporters`: where it sends on to.",
    ],
    [
      "a typo",
      { collector: { image: IMAGE, replica: 2 } },
      [TEMPO],
      "`slipway:telemetry.collector.replica` does not exist; there are image, replicas, cpuRequest, cpuLimit, memoryRequest, memoryLimit, imagePullSecrets, sampling.",
    ],
    [
      "exporters beside an endpoint",
      { endpoint: "https://x" },
      [TEMPO],
      "`slipway:telemetryExporters` would not be used: `slipway:telemetry` has an `endpoint` and no `collector`.",
    ],
    [
      "exporters alone",
      undefined,
      [TEMPO],
      "`slipway:telemetryExporters` would not be used: `slipway:telemetry` has no `collector`.",
    ],
    [
      "an exporter without an address",
      COLLECTOR,
      [{ kind: "otlphttp" }],
      "`slipway:telemetryExporters[0].endpoint` is missing: a text, which this `kind` needs.",
    ],
    [
      "a header that is no text, without quoting it",
      COLLECTOR,
      [{ ...TEMPO, headers: { authorization: 7 } }],
      "`slipway:telemetryExporters[0].headers` must be a map of texts.",
    ],
    [
      "no list",
      COLLECTOR,
      TEMPO,
      "`slipway:telemetryExporters` must be a list of exporters, each a map with its `kind`.",
    ],
    [
      "insecure beside a collector",
      { ...COLLECTOR, insecure: true },
      [TEMPO],
      "`slipway:telemetry.insecure` is about `endpoint`; exporters of a collector have their own.",
    ],
  ];
  for (const [what, telemetry, exporters, message] of refused) {
    it(`refuses ${what}`, () =>
      assert.throws(
        () => args(telemetry, exporters),
        (error) => error instanceof ConfigError && error.message === message,
        message,
      ));
  }

  it("wants exporters to be a secret", () => {
    const values = { telemetry: JSON.stringify(COLLECTOR), telemetryExporters: JSON.stringify([TEMPO]) };
    assert.throws(() => telemetryArgs(readerOf("onprem", values, () => false)), {
      message:
        "`slipway:telemetryExporters` holds secrets: set it with `pulumi config set --secret slipway:telemetryExporters JSON`, which encrypts it.",
    });
  });
});
