import assert from "node:assert/strict";
import { join } from "node:path";
import { resolveServerOptions, type ServerOptions } from "../../../runtime/options";
import { payloadTarget } from "../../../runtime/payload-log/payload-target";
import { modelFolder } from "../support/model-folder";

const resolve = (options: Partial<ServerOptions>) =>
  resolveServerOptions({ modelRepository: "models", ...options });
const refusal = (options: Partial<ServerOptions>): string => {
  try {
    resolve(options);
  } catch (error) {
    assert.equal((error as Error).name, "UsageError");
    return (error as Error).message;
  }
  assert.fail("it was taken");
};

describe("payloadTarget", () => {
  const targets: [string, ReturnType<typeof payloadTarget>][] = [
    ["/var/log/payloads.jsonl", { kind: "file", path: "/var/log/payloads.jsonl" }],
    ["c:payloads", { kind: "file", path: "c:payloads" }],
    ["otlp", { kind: "otlp" }],
    [
      "kafka://a.example:9092,10.0.0.1:9093/model.payloads",
      { kind: "kafka", brokers: ["a.example:9092", "10.0.0.1:9093"], topic: "model.payloads" },
    ],
    ["s3://payloads", { kind: "s3", bucket: "payloads", prefix: "" }],
    ["s3://payloads/team=a/ocr/", { kind: "s3", bucket: "payloads", prefix: "team=a/ocr" }],
  ];
  for (const [text, target] of targets)
    it(`reads ${text}`, () => assert.deepEqual(payloadTarget(text), target));

  const refused: [string, string][] = [
    ["kafka://a/t", "must name its brokers as host:port, separated by commas: kafka://HOST:PORT/TOPIC."],
    ["kafka://a:0/t", "must name its brokers as host:port, separated by commas: kafka://HOST:PORT/TOPIC."],
    ["kafka://a:1", 'must end with a topic (""): 1 to 249 letters, digits, ".", "_" and "-".'],
    ["kafka://a:1/t/u", 'must end with a topic ("t/u"): 1 to 249 letters, digits, ".", "_" and "-".'],
    ["kafka://a:1/..", 'must end with a topic (".."): 1 to 249 letters, digits, ".", "_" and "-".'],
    ["s3://", 'must name a bucket (""): 3 to 63 lower-case letters, digits, "." and "-".'],
    ["s3://Big/x", 'must name a bucket ("Big"): 3 to 63 lower-case letters, digits, "." and "-".'],
    [
      "s3://payloads/a/../b",
      'has a prefix ("a/../b") that is no path of letters, digits and !_.*\'()=- (512 characters at most).',
    ],
    [
      "s3://payloads/a?b",
      'has a prefix ("a?b") that is no path of letters, digits and !_.*\'()=- (512 characters at most).',
    ],
    ["https://x/y", "must be a file, otlp, kafka://HOST:PORT[,HOST:PORT…]/TOPIC or s3://BUCKET[/PREFIX]."],
  ];
  for (const [text, why] of refused)
    it(`refuses ${text}`, () =>
      assert.throws(() => payloadTarget(text), {
        name: "UsageError",
        message: `\`--payload-log\` (${text}) ${why}`,
      }));

  it("does not repeat credentials that somebody put into an address", () =>
    assert.throws(() => payloadTarget("kafka://user:hunter2@a:1/t"), {
      message:
        "`--payload-log` (kafka://…) must not hold credentials: they are read from files (`--payload-broker-password-file`, `--payload-s3-secret-key-file`).",
    }));
});

describe("options of the payload log", () => {
  const s3 = { payloadLog: "s3://payloads/a" };
  const kafka = { payloadLog: "kafka://a:1/t" };
  const cases: [string, Partial<ServerOptions>, string][] = [
    [
      "a retention that the bucket would have to keep",
      { ...s3, payloadRetention: 86400 },
      "`--payload-retention` (86400) is about a file; how long entries are kept at `--payload-log` (s3://payloads/a) is the bucket's lifecycle rules' matter.",
    ],
    [
      "a number of files of a topic",
      { ...kafka, payloadLogFiles: 2 },
      "`--payload-log-files` (2) is about a file; how long entries are kept at `--payload-log` (kafka://a:1/t) is the topic's own (`retention.ms`, `retention.bytes`) matter.",
    ],
    [
      "a broker's password for a bucket",
      { ...s3, payloadBrokerPasswordFile: "x" },
      "`--payload-broker-password-file` needs a `--payload-log` (s3://payloads/a) that is `kafka://…`.",
    ],
    [
      "encryption of a file",
      { payloadLog: "/tmp/x", payloadS3Encryption: "AES256" },
      "`--payload-s3-encryption` needs a `--payload-log` (/tmp/x) that is `s3://…`.",
    ],
    [
      "a retention of seconds",
      { payloadLog: "/tmp/x", payloadRetention: 59 },
      "`--payload-retention` (59) must be at least 60 seconds, or 0 for no limit.",
    ],
    [
      "a KMS key that nothing is encrypted with",
      { ...s3, payloadS3KmsKey: "k", payloadS3Encryption: "AES256" },
      "`--payload-s3-kms-key` (k) needs `--payload-s3-encryption aws:kms`.",
    ],
    [
      "half of an access key",
      { ...s3, payloadS3AccessKeyFile: "x" },
      "`--payload-s3-access-key-file` and `--payload-s3-secret-key-file` must be given together.",
    ],
    [
      "an endpoint in the clear",
      { ...s3, payloadS3Endpoint: "http://minio:9000" },
      "`--payload-s3-endpoint` (http://minio:9000) speaks plain HTTP; use https://, or allow it with `--payload-s3-insecure true`.",
    ],
    [
      "an endpoint with a path",
      { ...s3, payloadS3Endpoint: "https://minio/x" },
      "`--payload-s3-endpoint` (https://minio/x) must be an address: https://host[:port].",
    ],
    [
      "a certificate without its key",
      { ...kafka, payloadBrokerCert: "x" },
      "`--payload-broker-cert` and `--payload-broker-key` must be given together.",
    ],
    [
      "an authority that nobody looks at",
      { ...kafka, payloadBrokerTls: false, payloadBrokerCa: "x" },
      "`--payload-broker-ca` and `--payload-broker-cert` are of no use with `--payload-broker-tls false`.",
    ],
    [
      "credentials without a way to give them",
      { ...kafka, payloadBrokerUsernameFile: "x" },
      "`--payload-broker-username-file` and `--payload-broker-password-file` need a `--payload-broker-auth`.",
    ],
    [
      "a way to give credentials that are not there",
      { ...kafka, payloadBrokerAuth: "plain" },
      "Neither `--payload-broker-username-file` nor the variable SLIPWAY_PAYLOAD_BROKER_USERNAME is given, which `--payload-broker-auth` needs.",
    ],
  ];
  for (const [what, options, sentence] of cases)
    it(`refuse ${what}`, () => assert.equal(refusal(options), sentence));

  it("name a file of credentials that cannot be read", () => {
    const missing = join(modelFolder({}), "none");
    assert.match(
      refusal({
        ...kafka,
        payloadBrokerAuth: "plain",
        payloadBrokerUsernameFile: missing,
        payloadBrokerPasswordFile: missing,
      }),
      new RegExp(`^\`--payload-broker-username-file\` \\(${missing}\\) cannot be read: ENOENT`),
    );
  });

  it("allow plain HTTP to this machine, and where it is said", () => {
    resolve({ ...s3, payloadS3Endpoint: "http://127.0.0.1:9000" });
    resolve({ ...s3, payloadS3Endpoint: "http://minio:9000", payloadS3Insecure: true });
  });
});
