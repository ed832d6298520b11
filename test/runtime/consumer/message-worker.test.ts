import assert from "node:assert/strict";
import pino from "pino";
import { Registry } from "prom-client";
import { Refused, type Delivery, type Outgoing } from "../../../runtime/consumer/message-queue";
import { MessageWorker } from "../../../runtime/consumer/message-worker";
import { QueueMetrics } from "../../../runtime/consumer/queue-metrics";
import { ServerError, type ErrorCode } from "../../../runtime/errors";
import { delivery, FakeQueue } from "./support/fake-queue";

const OPTIONS = { maxAttempts: 3, retryDelay: 0.001, maxRetryDelay: 0.002 };
const ANSWER: Outgoing = { key: "r1", headers: {}, body: Buffer.from("{}") };

/** Answers with what it is given, in turn: errors are thrown. */
function setUp(...outcomes: (Outgoing | Error)[]) {
  const queue = new FakeQueue();
  const registry = new Registry();
  const metrics = new QueueMetrics(registry);
  let attempts = 0;
  const answer = async (_: Delivery) => {
    const outcome = outcomes[Math.min(attempts++, outcomes.length - 1)]!;
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };
  const worker = new MessageWorker(answer, queue, OPTIONS, metrics, pino({ level: "silent" }));
  return { queue, worker, metrics, registry, attempts: () => attempts };
}

const failure = (code: ErrorCode) => new ServerError(code, `failed with ${code}`);

describe("MessageWorker", () => {
  it("is done with a message when its result is stored", async () => {
    const { queue, worker, metrics } = setUp(ANSWER);
    assert.equal(await worker.handle(delivery("x")), true);
    assert.deepEqual(
      queue.results.map(({ message }) => message.key),
      ["r1"],
    );
    assert.deepEqual([metrics.consumed, metrics.succeeded, metrics.inflight], [1, 1, 0]);
  });

  const permanent: ErrorCode[] = [
    "InvalidArgument",
    "ModelNotFound",
    "PayloadTooLarge",
    "UnsupportedEncoding",
  ];
  for (const code of permanent) {
    it(`makes a dead letter of ${code} at once, with the reason`, async () => {
      const { queue, worker, attempts } = setUp(failure(code));
      assert.equal(await worker.handle(delivery("x")), true);
      assert.equal(attempts(), 1);
      const { message, body } = queue.deadLetters[0]!;
      assert.deepEqual(
        { ...message.headers, "slipway-failed-at": "" },
        {
          "slipway-key": "requests/0/17",
          "slipway-origin": "requests/0/17",
          "slipway-error-code": code,
          "slipway-error": `failed with ${code}`,
          "slipway-attempts": "1",
          "slipway-failed-at": "",
        },
      );
      assert.equal(body?.toString(), "x");
    });
  }

  for (const code of [
    "ModelNotReady",
    "QueueFull",
    "Overloaded",
    "WorkerCrashed",
    "DeadlineExceeded",
  ] as const) {
    it(`tries again after ${code}`, async () => {
      const { queue, worker, attempts, registry } = setUp(failure(code), failure(code), ANSWER);
      assert.equal(await worker.handle(delivery("x")), true);
      assert.equal(attempts(), 3);
      assert.equal(queue.results.length, 1);
      assert.match(await registry.metrics(), new RegExp(`slipway_queue_retries_total{code="${code}"} 2`));
    });
  }

  it("gives up after so many attempts", async () => {
    const { queue, worker, attempts, registry } = setUp(failure("ModelNotReady"));
    assert.equal(await worker.handle(delivery("x")), true);
    assert.equal(attempts(), 3);
    assert.equal(queue.deadLetters[0]!.message.headers["slipway-attempts"], "3");
    assert.match(await registry.metrics(), /slipway_queue_dead_letters_total{code="ModelNotReady"} 1/);
  });

  it("says nothing of what went wrong inside", async () => {
    const { queue, worker } = setUp(new Error("/secret/path"));
    await worker.handle(delivery("x"));
    const { headers } = queue.deadLetters[0]!.message;
    assert.equal(headers["slipway-error-code"], "Internal");
    assert.ok(!headers["slipway-error"]!.includes("secret"));
  });

  it("publishes until the broker takes it, without asking the model again", async () => {
    const { queue, worker, attempts } = setUp(ANSWER);
    queue.resultFailures.push(...Array.from({ length: 10 }, () => new Error("away")));
    assert.equal(await worker.handle(delivery("x")), true);
    assert.equal(attempts(), 1);
    assert.equal(queue.results.length, 1);
  });

  it("makes a dead letter of a message whose result the broker refuses", async () => {
    const { queue, worker } = setUp(ANSWER);
    queue.resultFailures.push(new Refused("too large"));
    assert.equal(await worker.handle(delivery("x")), true);
    assert.equal(queue.deadLetters[0]!.message.headers["slipway-error-code"], "Publish");
    assert.equal(queue.deadLetters[0]!.message.headers["slipway-error"], "too large");
  });

  it("leaves the body out of a dead letter that would be too large with it", async () => {
    const { queue, worker } = setUp(failure("InvalidArgument"));
    queue.deadLetterFailures.push(new Refused("too large"));
    assert.equal(await worker.handle(delivery("x")), true);
    assert.equal(queue.deadLetters[0]!.body, undefined);
    assert.equal(queue.deadLetters[0]!.message.headers["slipway-body-omitted"], "true");
  });

  it("gives back what waits for another attempt when it stops", async () => {
    const queue = new FakeQueue();
    const metrics = new QueueMetrics(new Registry());
    const slow = { ...OPTIONS, retryDelay: 1000, maxRetryDelay: 1000 };
    const answer = async () => Promise.reject(failure("QueueFull"));
    const worker = new MessageWorker(answer, queue, slow, metrics, pino({ level: "silent" }));
    const handled = worker.handle(delivery("x"));
    await new Promise((resolve) => setImmediate(resolve));
    worker.stop();
    assert.equal(await handled, false);
    assert.deepEqual([queue.results.length, queue.deadLetters.length, metrics.abandoned], [0, 0, 1]);
  });

  it("finishes what runs when it stops", async () => {
    let answered: (message: Outgoing) => void = () => undefined;
    const queue = new FakeQueue();
    const answer = () => new Promise<Outgoing>((resolve) => (answered = resolve));
    const worker = new MessageWorker(
      answer,
      queue,
      OPTIONS,
      new QueueMetrics(new Registry()),
      pino({ level: "silent" }),
    );
    const handled = worker.handle(delivery("x"));
    worker.stop();
    answered(ANSWER);
    assert.equal(await handled, true);
    assert.equal(queue.results.length, 1);
  });

  it("publishes nothing once it is cut off", async () => {
    let fail: (error: Error) => void = () => undefined;
    const queue = new FakeQueue();
    const answer = () => new Promise<Outgoing>((_, reject) => (fail = reject));
    const worker = new MessageWorker(
      answer,
      queue,
      OPTIONS,
      new QueueMetrics(new Registry()),
      pino({ level: "silent" }),
    );
    const handled = worker.handle(delivery("x"));
    worker.abort();
    fail(failure("InvalidArgument"));
    assert.equal(await handled, false);
    assert.equal(queue.deadLetters.length, 0);
  });
});
