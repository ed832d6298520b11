import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConsumerProcess } from "./support/consumer-process";
import { hasRabbit, MOST_BYTES, PASSWORD, RabbitBroker, USER } from "./support/rabbitmq-broker";
import { distinctIds, RabbitClient, type SeenMessage } from "./support/rabbitmq-client";
import { binaryRequest, pairModel, request } from "./support/requests";

const MODEL = { "slipway-model": "add" };

const requests = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => ({
    body: request(`r${from + i}`, [from + i, 1]),
    properties: { headers: MODEL },
  }));

function assertRepeatsAreEqual(seen: readonly SeenMessage[]): void {
  const bodies = new Map<string, string>();
  for (const { body, properties } of seen) {
    assert.equal(body, bodies.get(properties.messageId) ?? body);
    bodies.set(properties.messageId, body);
  }
}

/** `npm run test:brokers` runs these too: together they take minutes. */
const thorough = process.env.SLIPWAY_BROKER_TESTS === "all" ? it : it.skip;

describe("slipway consume, with a real RabbitMQ", function () {
  this.timeout(180_000);
  let broker: RabbitBroker;
  let client: RabbitClient;
  const consumers: ConsumerProcess[] = [];

  before(async function () {
    if (!hasRabbit) {
      console.log("    (no Debian: nothing is tested with RabbitMQ)");
      this.skip();
    }
    broker = await RabbitBroker.start();
    writeFileSync(join(broker.dir, "user"), USER);
    writeFileSync(join(broker.dir, "password"), PASSWORD);
    client = await RabbitClient.connect(broker);
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

  async function consume(
    name: string,
    waitMs: number,
    options: Record<string, string> = {},
    waits = true,
  ): Promise<ConsumerProcess> {
    const consumer = await ConsumerProcess.start(
      {
        "model-repository": pairModel(waitMs),
        broker: "rabbitmq",
        "broker-addresses": broker.address,
        "broker-ca": broker.caFile,
        "broker-auth": "plain",
        "broker-username-file": join(broker.dir, "user"),
        "broker-password-file": join(broker.dir, "password"),
        requests: `${name}-requests`,
        results: `${name}-results`,
        "dead-letters": `${name}-dead`,
        ...options,
      },
      waits,
    );
    consumers.push(consumer);
    return consumer;
  }

  const queues = (name: string) => client.createQueues(`${name}-requests`, `${name}-results`, `${name}-dead`);

  it("answers requests over TLS, and puts aside what cannot be answered, with the reason", async () => {
    await queues("plain");
    const binary = binaryRequest("in-bytes", [2n ** 62n, 1n], [1n, -2n]);
    const jsonLength = { "inference-header-content-length": binary.jsonLength };
    const many = (value: number) => Array<number>(8000).fill(value).join();
    const huge = `{"id":"huge","inputs":[${["a", "b"]
      .map((name) => `{"name":"${name}","datatype":"INT64","shape":[4000,2],"data":[${many(9)}]}`)
      .join()}]}`;
    assert.ok(huge.length < MOST_BYTES);
    await client.send("plain-requests", [
      {
        body: request("in-json", ["9007199254740993", 1]),
        properties: { headers: MODEL, contentType: "application/json", correlationId: "c-1" },
      },
      { body: binary.body, properties: { headers: { ...MODEL, ...jsonLength } } },
      { body: request(undefined, [1, 2]), properties: { headers: MODEL, messageId: "m-1" } },
      { body: request(undefined, [3, 4]), properties: { headers: MODEL } },
      {
        body: "{broken",
        properties: { headers: { ...MODEL, CC: ["plain-results"], "x-own": "kept" }, expiration: "60000" },
      },
      { body: request("a", [1, 2]), properties: { headers: { "slipway-model": "absent" } } },
      // Its answer is larger, as 9 + 9 has two digits, than this broker takes.
      { body: huge, properties: { headers: MODEL, messageId: "huge" } },
    ]);
    const consumer = await consume("plain", 0);
    const results = await client.until("plain-results", (seen) => distinctIds(seen) >= 5);
    const dead = await client.until("plain-dead", (seen) => distinctIds(seen) >= 3);
    const result = (id: string) => results.find(({ properties }) => properties.messageId === id)!;

    // 2^53 + 1 is no number of JavaScript's.
    assert.match(result("in-json").body, /"data":\[9007199254740994,2\]/);
    assert.equal(result("in-json").properties.correlationId, "c-1");
    assert.equal(result("in-json").properties.deliveryMode, 2);
    assert.equal(result("in-bytes").properties.contentType, "application/octet-stream");
    assert.equal(result("m-1").properties.correlationId, "m-1");
    const unnamed = results.find(({ properties }) => properties.messageId?.startsWith("sha256:"))!;
    assert.match(unnamed.body, /"data":\[4,5\]/);

    const letter = (code: string) =>
      dead.find(({ properties }) => properties.headers["slipway-error-code"] === code)!;
    assert.equal(letter("InvalidArgument").body, "{broken");
    assert.equal(
      letter("InvalidArgument").properties.headers["slipway-error"],
      "The request body is not valid JSON.",
    );
    assert.equal(letter("InvalidArgument").properties.headers["x-own"], "kept");
    assert.equal(letter("InvalidArgument").properties.expiration, undefined);
    assert.equal(letter("ModelNotFound").properties.headers["slipway-error"], "There is no model `absent`.");
    assert.match(
      letter("Publish").properties.headers["slipway-error"],
      /^RabbitMQ refuses the message: its \d+ bytes are more than 36000\.$/,
    );
    assert.equal(await consumer.end(), 0);
    assert.equal(await client.count("plain-requests"), 0);
    // The copy that its sender had RabbitMQ make, and no further one of the dead letter.
    const wanted = results.length + (await client.count("plain-results"));
    const all = await client.until("plain-results", ({ length }) => length >= wanted, results);
    assert.equal(all.filter(({ body }) => body === "{broken").length, 1);
    assert.ok(!consumer.output.includes(PASSWORD));
  });

  it("loses nothing when it is killed in the middle, and another one takes over", async () => {
    await queues("killed");
    await client.send("killed-requests", requests(0, 300));
    const first = await consume("killed", 20, { "max-in-flight": "4" });
    const seen = await client.until("killed-results", ({ length }) => length >= 40);
    await first.kill();
    assert.ok(
      (await client.count("killed-requests")) > 0,
      "everything was answered before it could be killed",
    );
    await consume("killed", 5, { "max-in-flight": "4" });
    const results = await client.until("killed-results", (all) => distinctIds(all) === 300, seen);
    assertRepeatsAreEqual(results);
    // No more is done twice than was in flight.
    assert.ok(results.length <= 304, `${results.length} results of 300 requests`);
    assert.equal(await client.count("killed-dead"), 0);
  });

  thorough("finishes what it has taken when it is told to end, so that nothing is done twice", async () => {
    await queues("ended");
    await client.send("ended-requests", requests(0, 200));
    const first = await consume("ended", 20, { "max-in-flight": "4" });
    const seen = await client.until("ended-results", ({ length }) => length >= 20);
    assert.equal(await first.end(), 0);
    assert.ok((await client.count("ended-requests")) > 0, "everything was answered before it could end");
    await consume("ended", 5);
    const results = await client.until("ended-results", (all) => distinctIds(all) === 200, seen);
    assert.equal(results.length, 200);
  });

  it("goes on by itself when the broker was away, and waits for queues that are not there yet", async () => {
    await client.createQueues("away-requests", "away-dead");
    await client.send("away-requests", requests(0, 20));
    const consumer = await consume("away", 5, {}, false);
    await new Promise((resolve) => setTimeout(resolve, 4000));
    assert.equal(await consumer.isReady(), false);
    assert.equal(await client.count("away-requests"), 20);
    await client.createQueues("away-results");
    await consumer.untilReady();
    await client.until("away-results", (all) => distinctIds(all) === 20);
    await client.close();
    await broker.restart();
    assert.equal(await consumer.isReady(), true);
    client = await RabbitClient.connect(broker);
    await client.send("away-requests", requests(20, 40));
    const results = await client.until("away-results", (all) => distinctIds(all) >= 20);
    assertRepeatsAreEqual(results);
  });
});
