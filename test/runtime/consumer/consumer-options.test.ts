import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brokerCredentials, brokerTls } from "../../../runtime/consumer/broker-access";
import {
  CONSUMER_OPTIONS,
  resolveConsumerOptions,
  type ConsumerOptions,
} from "../../../runtime/consumer/consumer-options";
import { SERVER_OPTIONS } from "../../../runtime/options";

const KAFKA: Partial<ConsumerOptions> = {
  broker: "kafka",
  brokerAddresses: ["kafka:9093"],
  requests: "in",
  results: "out",
  deadLetters: "dead",
  consumerGroup: "group",
};

describe("resolveConsumerOptions", () => {
  it("connects over TLS, unless it is told otherwise", () => {
    assert.equal(resolveConsumerOptions(KAFKA).brokerTls, true);
    assert.deepEqual(brokerTls(resolveConsumerOptions(KAFKA)), { minVersion: "TLSv1.2" });
    assert.equal(brokerTls(resolveConsumerOptions({ ...KAFKA, brokerTls: false })), undefined);
  });

  it("has no option of the server's name, nor one that takes a password", () => {
    for (const key of Object.keys(CONSUMER_OPTIONS)) assert.ok(!Object.hasOwn(SERVER_OPTIONS, key), key);
    const secrets = Object.keys(CONSUMER_OPTIONS).filter((key) => /password|secret|token/i.test(key));
    assert.deepEqual(secrets, ["brokerPasswordFile"]);
  });

  const refused: [string, Partial<ConsumerOptions>, string][] = [
    [
      "no broker",
      { broker: undefined },
      "`--broker` (or SLIPWAY_BROKER) must be given: one of kafka, rabbitmq.",
    ],
    [
      "an address without a port",
      { brokerAddresses: ["kafka:9093", "kafka"] },
      "`--broker-addresses` (kafka:9093,kafka) must be one or more of the form host:port.",
    ],
    [
      "credentials in an address",
      { brokerAddresses: ["me:secret@kafka:9093"] },
      "`--broker-addresses` (me:secret@kafka:9093) must be one or more of the form host:port.",
    ],
    [
      "a topic that would feed itself",
      { deadLetters: "in" },
      "`--requests` (in), `--results` (out) and `--dead-letters` (in) must differ: the consumer would read what it writes.",
    ],
    [
      "Kafka without a group",
      { consumerGroup: undefined },
      "`--consumer-group` must be given where `--broker` is kafka.",
    ],
    [
      "RabbitMQ with SCRAM",
      { broker: "rabbitmq", brokerAuth: "scram-sha-256" },
      "`--broker-auth` (scram-sha-256) must be plain where `--broker` is rabbitmq, or none with a `--broker-cert`.",
    ],
    ["half a certificate", { brokerCert: "a" }, "`--broker-cert` and `--broker-key` must be given together."],
    [
      "an authority without TLS",
      { brokerTls: false, brokerCa: "a" },
      "`--broker-ca` and `--broker-cert` are of no use with `--broker-tls false`.",
    ],
    [
      "delays that shrink",
      { retryDelay: 5, maxRetryDelay: 1 },
      "`--max-retry-delay` (1) must be >= `--retry-delay` (5).",
    ],
  ];
  for (const [what, change, message] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(() => resolveConsumerOptions({ ...KAFKA, ...change }), { name: "UsageError", message });
    });
  }
});

describe("brokerCredentials", () => {
  const dir = mkdtempSync(join(tmpdir(), "slipway-credentials-"));
  after(() => rmSync(dir, { recursive: true }));
  const options = (files: Partial<ConsumerOptions>) => resolveConsumerOptions({ ...KAFKA, ...files });

  it("reads files as they are now, or variables", () => {
    const file = join(dir, "password");
    writeFileSync(file, "first\n");
    const files = options({ brokerPasswordFile: file });
    const env = { SLIPWAY_BROKER_USERNAME: "me" };
    assert.deepEqual(brokerCredentials(files, env), { username: "me", password: "first" });
    writeFileSync(file, "second");
    assert.equal(brokerCredentials(files, env).password, "second");
  });

  it("says what is missing", () => {
    assert.throws(() => brokerCredentials(options({}), {}), {
      message:
        "Neither `--broker-username-file` nor the variable SLIPWAY_BROKER_USERNAME is given, which `--broker-auth` needs.",
    });
    const empty = join(dir, "empty");
    writeFileSync(empty, "\n");
    assert.throws(() => brokerCredentials(options({ brokerUsernameFile: empty }), {}), {
      message: `\`--broker-username-file\` (${empty}) must be a file that is not empty.`,
    });
  });
});
