import * as assert from "node:assert";
import { ready, waiting, failed } from "../../../../../toolchain/plugins/kubernetes/await/readiness";
import type { Readiness } from "../../../../../toolchain/plugins/kubernetes/await/readiness";
import { NotReady, waitUntilReady } from "../../../../../toolchain/plugins/kubernetes/await/wait";
import { waitUntilGone } from "../../../../../toolchain/plugins/kubernetes/await/deletion";
import type { KubeObject } from "../../../../../toolchain/plugins/kubernetes/object";
import type { Answer } from "../support";
import { fakeApiServer, notFound, recordingLog } from "../support";

const pod: KubeObject = { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "n", uid: "1" } };

async function wait(
  answer: (count: number) => Answer,
  readiness: Readiness,
  { timeoutSeconds = 5, cancelAfterMs }: { timeoutSeconds?: number; cancelAfterMs?: number } = {},
) {
  let count = 0;
  const server = await fakeApiServer(() => answer(++count));
  const controller = new AbortController();
  if (cancelAfterMs !== undefined) setTimeout(() => controller.abort(), cancelAfterMs);
  const log = recordingLog();
  const options = { cluster: server.cluster, readiness, timeoutSeconds, signal: controller.signal, log };
  try {
    return { live: await waitUntilReady(pod, options), log: log.lines };
  } finally {
    await server.stop();
  }
}

const always = (body: unknown) => () => ({ body });

describe("waitUntilReady", () => {
  it("looks until the object is ready, and says what it waits for", async () => {
    let looks = 0;
    const { live, log } = await wait(always({ ...pod, status: { done: true } }), () =>
      ++looks < 3 ? waiting("the tea") : ready(),
    );
    assert.deepStrictEqual(live.status, { done: true });
    assert.deepStrictEqual(log, ["status: waiting: the tea"]);
  });

  it("gives up when the time is over", async () => {
    await assert.rejects(
      wait(always(pod), () => waiting("the tea"), { timeoutSeconds: 0.3 }),
      (error) => {
        assert.ok(error instanceof NotReady);
        assert.strictEqual(error.message, 'Pod "n/p" was not ready after 0.3 s: the tea.');
        return error.worthReporting;
      },
    );
  });

  it("gives up at once where waiting will not help", async () => {
    await assert.rejects(
      wait(always(pod), () => failed("spilt")),
      { message: 'Pod "n/p" failed: spilt.' },
    );
  });

  it("gives up where the object is deleted, or another takes its place", async () => {
    await assert.rejects(
      wait(
        () => notFound("pods", "p"),
        () => ready(),
      ),
      /it was deleted meanwhile/,
    );
    const other = { ...pod, metadata: { ...pod.metadata, uid: "2" } };
    await assert.rejects(
      wait(always(other), () => ready()),
      /another object has taken its place/,
    );
  });

  it("outlasts an API server that restarts", async () => {
    const { live } = await wait(
      (count) => (count < 3 ? { status: 503, body: { message: "not now" } } : { body: pod }),
      () => ready(),
    );
    assert.strictEqual(live.metadata?.name, "p");
  });

  it("ends when it is cancelled", async () => {
    await assert.rejects(
      wait(always(pod), () => waiting("the tea"), { cancelAfterMs: 50 }),
      (error) => {
        assert.ok(error instanceof NotReady);
        assert.match(error.message, /was cancelled/);
        return !error.worthReporting;
      },
    );
  });
});

describe("waitUntilGone", () => {
  async function gone(answer: (count: number) => Answer, timeoutSeconds = 5): Promise<void> {
    let count = 0;
    const server = await fakeApiServer(() => answer(++count));
    const signal = new AbortController().signal;
    try {
      await waitUntilGone(pod, { cluster: server.cluster, timeoutSeconds, signal, log: recordingLog() });
    } finally {
      await server.stop();
    }
  }

  it("ends when the object is gone, or a new one has its name", async () => {
    await gone((count) => (count < 3 ? { body: pod } : notFound("pods", "p")));
    await gone(() => ({ body: { ...pod, metadata: { ...pod.metadata, uid: "2" } } }));
  });

  it("names the finalizers that hold it", async () => {
    const held = { ...pod, metadata: { ...pod.metadata, finalizers: ["example.com/hold"] } };
    await assert.rejects(
      gone(() => ({ body: held }), 0.3),
      {
        message: 'Pod "n/p" was not gone after 0.3 s: finalizers left: example.com/hold.',
      },
    );
  });
});
