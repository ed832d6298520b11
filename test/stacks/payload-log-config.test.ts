import assert from "node:assert/strict";
import { PAYLOAD_LOG_DEFAULTS } from "../../components/serving/payload-log-settings";
import { PAYLOAD_LOG_FIELDS } from "../../stacks/payload-log-config";
import { readServices } from "../../stacks/service-config";

const service = (payloadLog: unknown) => [
  { name: "text", models: [{ name: "a", version: "1", sha256: "b".repeat(64) }], payloadLog },
];
const read = (payloadLog: unknown) => {
  const given = service(payloadLog);
  return readServices(given, JSON.stringify(given));
};

describe("a service's payloadLog in the configuration", () => {
  it("is read as it is", () => {
    const payloadLog = {
      target: "kafka://kafka:9093/payloads",
      redact: ["iban"],
      pods: [{ namespace: "kafka", podLabels: { app: "kafka" } }],
    };
    assert.deepEqual(read(payloadLog)[0]!.payloadLog, payloadLog);
  });

  const refused: [unknown, string][] = [
    ["s3://payloads", '`slipway:services[0].payloadLog` ("s3://payloads") must be a map.'],
    [
      { sampleRatio: 1 },
      `\`slipway:services[0].payloadLog.target\` is missing: a text. ${PAYLOAD_LOG_FIELDS.target.doc}`,
    ],
    [
      { target: "s3://payloads", secretKey: "hunter2" },
      `\`slipway:services[0].payloadLog.secretKey\` does not exist; there are ${Object.keys(PAYLOAD_LOG_FIELDS).join(", ")}.`,
    ],
    [
      { target: "s3://payloads", redact: "iban" },
      '`slipway:services[0].payloadLog.redact` ("iban") must be a list of texts.',
    ],
    [
      { target: "kafka://a:1/t", pods: [{ namespace: "kafka" }] },
      "`slipway:services[0].payloadLog.pods[0].podLabels` is missing: a map of texts. Their labels.",
    ],
  ];
  for (const [payloadLog, message] of refused)
    it(`is refused as ${JSON.stringify(payloadLog)}`, () =>
      assert.throws(() => read(payloadLog), { name: "ConfigError", message }));

  it("documents the component's defaults", () => {
    const fields = PAYLOAD_LOG_FIELDS as Readonly<Record<string, { readonly default?: string }>>;
    for (const [field, value] of Object.entries(PAYLOAD_LOG_DEFAULTS))
      assert.equal(fields[field]?.default, `\`${JSON.stringify(value)}\``, field);
  });
});
