import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pino from "pino";
import { Metrics } from "../../../runtime/metrics/metrics";
import { resolveServerOptions } from "../../../runtime/options";
import { createPayloadLog } from "../../../runtime/payload-log/create-payload-log";
import type { PayloadEntry } from "../../../runtime/payload-log/payload-entry";
import { ConsumerProcess } from "./support/consumer-process";
import { hasKafka, KafkaBroker, PASSWORD, USER } from "./support/kafka-broker";
import { distinctKeys, distinctOrigins, KafkaClient, type Seen } from "./support/kafka-client";
import { binaryRequest, pairModel, request } from "./support/requests";

const MODEL = { "slipway-model": "add" };

/** Whatever the number of results of a request, they say the same. */
function assertRepeatsAreEqual(seen: readonly Seen[]): void {
  const values = new Map<string, string>();
  for (const { key, value } of seen) assert.equal(value, values.get(key) ?? value, key);
  for (const { key, value } of seen) values.set(key, value);
}

const oneTensor = '{"name":"a","datatype":"INT64","shape":[1,2],"data":[1,2]}';

const requests = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => ({
    value: request(`r${from + i}`, [from + i, 1]),
    headers: MODEL,
  }));

/** `npm run test:brokers` runs these too: together they take minutes. */
const thorough = process.env.SLIPWAY_BROKER_TESTS === "all" ? it : it.skip;

describe("slipway consume, with a real Kafka", function () {
  this.timeout(180_000);
  let broker: KafkaBroker;
  let client: KafkaClient;
  const consumers: ConsumerProcess[] = [];

  before(async function () {
    if (!hasKafka) {
      console.log("    (no `java` and `mvn` on this machine: nothing is tested with Kafka)");
      this.skip();
    }
    broker = await KafkaBroker.start();
    writeFileSync(join(broker.dir, "user"), USER);
    writeFileSync(join(broker.dir, "password"), `${PASSWORD}\n`);
    client = new KafkaClient(broker);
  });

  afterEach(async function () {
    if (this.currentTest?.state === "failed")
      for (const { output } of consumers) console.log(output.slice(-4000));
    await Promise.all(consumers.splice(0).map((consumer) => consumer.kill()));
  });

  after(async () => {
    await client?.close();
    await broker?.close();
  });

  /** A consumer of topics that begin with a name of their own, made with it. */
  async function consume(
    name: string,
    waitMs: number,
    options: Record<string, string> = {},
  ): Promise<ConsumerProcess> {
    const consumer = await ConsumerProcess.start({
      "model-repository": pairModel(waitMs),
      broker: "kafka",
      "broker-addresses": broker.address,
      "broker-ca": broker.caFile,
      "broker-auth": "scram-sha-512",
      "broker-username-file": join(broker.dir, "user"),
      "broker-password-file": join(broker.dir, "password"),
      "consumer-group": `${name}-workers`,
      requests: `${name}-requests`,
      results: `${name}-results`,
      "dead-letters": `${name}-dead`,
      "session-timeout": "6",
      ...options,
    });
    consumers.push(consumer);
    return consumer;
  }

  const topics = (name: string, partitions = 3) =>
    client.createTopics(partitions, `${name}-requests`, `${name}-results`, `${name}-dead`);

  it("answers requests over TLS with SCRAM, and puts aside what cannot be answered, with the reason", async () => {
    await topics("plain");
    const binary = binaryRequest("in-bytes", [2n ** 62n, 1n], [1n, -2n]);
    await client.send("plain-requests", [
      { value: request("in-json", ["9007199254740993", 1]), headers: { ...MODEL, traceparent: "00-1-2-01" } },
      {
        value: binary.body,
        headers: { ...MODEL, "Inference-Header-Content-Length": String(binary.jsonLength) },
      },
      { value: request(undefined, [1, 2]), headers: { ...MODEL, "slipway-id": "by-header" } },
      { value: request(undefined, [3, 4]), headers: MODEL, partition: 2 },
      { value: "{broken", headers: MODEL, key: "customer-7" },
      { value: request("a", [1, 2]), headers: { "slipway-model": "absent", "x-own": "kept" } },
      { value: request("b", [1, 2]) },
      { value: `{"inputs":[${oneTensor}]}`, headers: MODEL },
    ]);
    const consumer = await consume("plain", 0);
    const results = await client.until("plain-results", (seen) => seen.length >= 4);
    const dead = await client.until("plain-dead", (seen) => seen.length >= 4);
    const result = (key: string) => results.find((one) => one.key === key)!;

    // 2^53 + 1 is no number of JavaScript's.
    assert.equal(
      result("in-json").value,
      '{"model_name":"add","model_version":"1","id":"in-json","outputs":[{"name":"sum","datatype":"INT64","shape":[1,2],"data":[9007199254740994,2]},{"name":"copy","datatype":"INT64","shape":[1,2],"data":[9007199254740993,1]}]}',
    );
    assert.equal(result("in-json").headers.traceparent, "00-1-2-01");
    assert.equal(result("in-json").headers["slipway-model-version"], "1");
    assert.equal(result("in-bytes").headers["content-type"], "application/octet-stream");
    const jsonLength = Number(result("in-bytes").headers["inference-header-content-length"]);
    assert.match(result("in-bytes").value.slice(0, jsonLength), /"binary_data_size":16/);
    assert.ok(result("by-header"));
    const unnamed = results.find(({ key }) => key.startsWith("plain-requests/2/"))!;
    assert.equal(unnamed.headers["slipway-origin"], unnamed.key);
    assert.match(unnamed.value, /"data":\[4,5\]/);

    const reasons = dead.map(
      ({ headers }) => `${headers["slipway-error-code"]}: ${headers["slipway-error"]}`,
    );
    assert.deepEqual(reasons.sort(), [
      "InvalidArgument: Input `b` (INT64 [-1, 2]) of model `add` is missing.",
      "InvalidArgument: The message names no model: it needs the header `slipway-model`, or the consumer a `--default-model`.",
      "InvalidArgument: The request body is not valid JSON.",
      "ModelNotFound: There is no model `absent`.",
    ]);
    const broken = dead.find(({ key }) => key === "customer-7")!;
    assert.equal(broken.value, "{broken");
    assert.equal(broken.headers["slipway-attempts"], "1");
    assert.equal(dead.find(({ headers }) => headers["slipway-model"] === "absent")!.headers["x-own"], "kept");
    assert.equal(await consumer.metric("slipway_queue_messages_consumed_total"), 8);
    assert.equal(await consumer.metric("slipway_queue_messages_succeeded_total"), 4);
    assert.equal(await consumer.metric("slipway_queue_dead_letters_total"), 4);
    assert.equal(await consumer.end(), 0);
    assert.ok(!consumer.output.includes(PASSWORD));
  });

  it("loses nothing when it is killed in the middle, and another one takes over", async () => {
    await topics("killed");
    await client.send("killed-requests", requests(0, 800));
    // Four at a time, 20 ms each: about four seconds of work, with commits five times in each.
    const first = await consume("killed", 20, { "max-in-flight": "4" });
    await client.until("killed-results", (seen) => seen.length >= 300);
    await first.kill();
    // Until the reader has caught up with what was published before.
    await sleep(1000);
    const before = (await client.read("killed-results")).length;
    assert.ok(before < 800, `${before} were answered before it could be killed`);
    await consume("killed", 5, { "max-in-flight": "4" });
    const results = await client.until("killed-results", (seen) => distinctKeys(seen) === 800);
    assertRepeatsAreEqual(results);
    // What was committed is not done again: what is repeated was in flight, or done since the last commit.
    const repeated = results.length - distinctOrigins(results);
    assert.ok(repeated < before, `${repeated} of ${before} were done twice`);
    assert.equal((await client.read("killed-dead")).length, 0);
  });

  /** A payload log of the broker's, and what it counts and says. */
  function payloadLog(topic: string) {
    const metrics = new Metrics(() => true);
    const said: string[] = [];
    const log = pino(
      {},
      { write: (line: string) => void said.push((JSON.parse(line) as { msg: string }).msg) },
    );
    const options = resolveServerOptions({
      modelRepository: "models",
      payloadLog: `kafka://${broker.address}/${topic}`,
      payloadSampleRatio: 1,
      payloadRedact: ["secret"],
      payloadBrokerCa: broker.caFile,
      payloadBrokerAuth: "scram-sha-512",
      payloadBrokerUsernameFile: join(broker.dir, "user"),
      payloadBrokerPasswordFile: join(broker.dir, "password"),
    });
    const payloads = createPayloadLog(options, metrics, log)!;
    const take = (requestId: string) => {
      const tensor = (name: string) => ({
        name,
        datatype: "FP32" as const,
        shape: [2],
        data: Float32Array.of(1, 2),
      });
      const inputs = [tensor("a"), tensor("secret")];
      const model = { name: "add", version: "1", spec: { inputs } };
      return payloads.capture(model, { inputs, requestId })!.settle(Promise.resolve([]));
    };
    const counted = async (series: string) =>
      Number((await metrics.registry.metrics()).split(`\n${series} `)[1]?.split("\n")[0] ?? 0);
    return { payloads, take, counted, said };
  }

  it("keeps a payload log: every entry once, redacted, and what waits at the end", async () => {
    await client.createTopics(3, "payloads");
    const { payloads, take, counted, said } = payloadLog("payloads");
    for (let i = 0; i < 3000; i++) await take(`p${i}`);
    await payloads.close();
    const seen = await client.until("payloads", (entries) => entries.length >= 3000);
    const entries = seen.map(({ value }) => JSON.parse(value) as PayloadEntry);
    assert.equal(new Set(entries.map(({ requestId }) => requestId)).size, 3000);
    assert.equal(seen.length, 3000);
    for (const { inputs } of entries) {
      assert.deepEqual(inputs[0]!.values, [1, 2]);
      assert.deepEqual(inputs[1], { name: "secret", datatype: "FP32", shape: [2], redacted: true });
    }
    assert.equal(seen[0]!.headers["content-type"], "application/json");
    assert.deepEqual([await counted("slipway_payload_log_entries_total"), said], [3000, []]);
  });

  thorough("drops entries of a topic that is not there, says so once, and fails no request", async () => {
    const { payloads, take, counted, said } = payloadLog("absent");
    for (let i = 0; i < 3; i++) {
      await take(`p${i}`);
      const dropped = 'slipway_payload_log_dropped_total{reason="sink"}';
      while ((await counted(dropped)) <= i) await sleep(50);
    }
    await payloads.close();
    assert.deepEqual(said, ["the payload log cannot be written; entries are dropped until it can"]);
  });

  thorough("finishes what it has taken when it is told to end, so that nothing is done twice", async () => {
    await topics("ended");
    await client.send("ended-requests", requests(0, 300));
    const first = await consume("ended", 20, { "max-in-flight": "4" });
    await client.until("ended-results", (seen) => seen.length >= 40);
    assert.equal(await first.end(), 0);
    const before = (await client.read("ended-results")).length;
    assert.ok(before < 300, `${before} were answered before it could end`);
    const started = Date.now();
    await consume("ended", 5);
    const results = await client.until("ended-results", (seen) => distinctKeys(seen) === 300);
    assert.equal(results.length, distinctOrigins(results));
    // It has left the group: nobody waits for its session (6 s) to time out.
    assert.ok(Date.now() - started < 30_000);
  });

  thorough("shares the partitions with whoever joins, and loses nothing by it", async () => {
    await topics("shared", 6);
    let sent = 0;
    const feed = async () => {
      await client.send("shared-requests", requests(sent, sent + 20));
      sent += 20;
      await sleep(200);
    };
    const first = await consume("shared", 20, { "max-in-flight": "4" });
    const joining = consume("shared", 20, { "max-in-flight": "4" });
    let second: ConsumerProcess | undefined;
    void joining.then((consumer) => (second = consumer));
    const succeeded = "slipway_queue_messages_succeeded_total";
    while (!second || (await second.metric(succeeded)) < 20) await feed();
    assert.equal(await first.end(), 0);
    await feed();
    const results = await client.until("shared-results", (seen) => distinctKeys(seen) === sent);
    assertRepeatsAreEqual(results);
    // Repeated is at most what was in flight, or not committed yet, when the partitions were given out anew.
    const repeated = results.length - distinctOrigins(results);
    assert.ok(repeated <= 200, `${repeated} of ${sent} were done twice`);
    await sleep(500);
    assert.equal((await client.read("shared-dead")).length, 0);
  });

  thorough("writes the payload log again when the broker was away", async () => {
    await client.createTopics(1, "payloads-away");
    const { payloads, take, counted, said } = payloadLog("payloads-away");
    await take("before");
    while ((await counted("slipway_payload_log_entries_total")) < 1) await sleep(50);
    await broker.restart();
    for (let i = 0; !said.includes("the payload log is written again") && i < 200; i++) {
      await take(`after${i}`);
      await sleep(200);
      if (said.length === 0 && (await counted("slipway_payload_log_entries_total")) > 3) break;
    }
    await payloads.close();
    const fresh = new KafkaClient(broker);
    try {
      const seen = await fresh.until("payloads-away", (entries) => entries.length >= 3);
      assert.equal((JSON.parse(seen[0]!.value) as PayloadEntry).requestId, "before");
    } finally {
      await fresh.close();
    }
  });

  thorough("goes on by itself when the broker was away", async () => {
    await topics("away");
    await client.send("away-requests", requests(0, 50));
    const consumer = await consume("away", 5, { "max-in-flight": "4" });
    await client.until("away-results", (seen) => distinctKeys(seen) === 50);
    await broker.restart();
    assert.equal(await consumer.isReady(), true);
    const fresh = new KafkaClient(broker);
    try {
      await fresh.send("away-requests", requests(50, 100));
      const results = await fresh.until("away-results", (seen) => distinctKeys(seen) === 100);
      assertRepeatsAreEqual(results);
    } finally {
      await fresh.close();
    }
  });
});
