import assert from "node:assert/strict";
import pino from "pino";
import type { LedgerRecord } from "../../../runtime/retraining/ledger";
import type { RetrainingEvent } from "../../../runtime/retraining/retraining-event";
import { RetrainingTrigger, type TriggerOptions } from "../../../runtime/retraining/retraining-trigger";
import type { Attempt } from "../../../runtime/retraining/target-client";
import { alert } from "./support";

const DELIVERED: Attempt = { outcome: "delivered" };
const later = (afterSeconds = 0): Attempt => ({ outcome: "later", why: "it answered 503", afterSeconds });
const REFUSED: Attempt = { outcome: "refused", why: "it answered 401" };

/** A trigger whose target answers as it is told, with a clock that only its waits move. */
class Setup {
  readonly sent: RetrainingEvent[] = [];
  readonly waits: number[] = [];
  readonly said: Record<string, unknown>[] = [];
  now = Date.UTC(2025, 0, 31);
  records: readonly LedgerRecord[] = [];
  answers: Attempt[] = [];
  failing = false;
  readonly trigger: RetrainingTrigger;

  constructor(change: Partial<TriggerOptions> = {}) {
    this.trigger = new RetrainingTrigger({
      alerts: ["SlipwayDriftDetected", "SlipwayQualityDegraded"],
      cooldown: 21_600,
      maxAttempts: 4,
      retryDelay: 1,
      maxRetryDelay: 60,
      send: (event) => {
        this.sent.push(event);
        return Promise.resolve(this.answers.shift() ?? DELIVERED);
      },
      state: {
        write: (records) => {
          if (this.failing) throw new Error("ENOSPC");
          this.records = records;
        },
      },
      before: [],
      log: pino(
        {},
        { write: (line: string) => void this.said.push(JSON.parse(line) as Record<string, unknown>) },
      ),
      now: () => this.now,
      wait: (seconds) => {
        this.waits.push(seconds);
        this.now += seconds * 1000;
        return Promise.resolve(true);
      },
      ...change,
    });
  }

  async settled(): Promise<void> {
    while (this.trigger.pending > 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

describe("RetrainingTrigger", () => {
  it("passes an alert on once, as one documented payload", async () => {
    const setup = new Setup();
    assert.deepEqual(setup.trigger.take([alert(), alert()]), { accepted: 1, duplicates: 1, ignored: 0 });
    await setup.settled();
    assert.deepEqual(setup.trigger.take([alert()]), { accepted: 0, duplicates: 1, ignored: 0 });
    const [{ id, labels, ...event }] = setup.sent as [RetrainingEvent];
    assert.match(id, /^ret_[0-9a-f]{32}$/);
    assert.equal(labels.severity, "ticket");
    assert.deepEqual(event, {
      schema: "slipway.retraining/v1",
      model: "ocr",
      version: "4",
      namespace: "models",
      service: "text",
      alert: "SlipwayDriftDetected",
      reason: "drift",
      summary: "text: 3 features of ocr version 4 have drifted",
      description: "Its answers may be worse.",
      scores: { psi: 0.31 },
      startsAt: "2025-01-31T12:00:00.000Z",
      fingerprint: "1a30ba71cca2921f",
    });
    assert.deepEqual(setup.trigger.outcomes, { delivered: 1, duplicate: 2, failed: 0 });
  });

  it("passes over what is resolved, not chosen, or of no model", () => {
    const setup = new Setup();
    const { model: _, ...unnamed } = alert().labels;
    const taken = setup.trigger.take([
      alert({ status: "resolved" }),
      alert({}, { alertname: "SlipwayQueueSaturated" }),
      alert({ labels: unnamed }),
      alert({}, { model: "a\nb" }),
      alert({}, { model: "" }),
    ]);
    assert.deepEqual(taken, { accepted: 0, duplicates: 0, ignored: 5 });
    assert.deepEqual(setup.trigger.outcomes, { delivered: 0, duplicate: 0, failed: 0 });
  });

  it("names the reason of quality alerts, of others, and of those that name their own", async () => {
    const setup = new Setup({ alerts: ["*"], cooldown: 0 });
    const reasons: Record<string, string>[] = [
      { alertname: "SlipwayQualityDegraded" },
      { alertname: "Own" },
      { reason: "contract" },
    ];
    for (const labels of reasons) {
      setup.trigger.take([alert({}, { ...labels, model: JSON.stringify(labels) })]);
    }
    await setup.settled();
    assert.deepEqual(
      setup.sent.map(({ reason }) => reason),
      ["quality", "alert", "contract"],
    );
  });

  it("takes numbers alone for scores", async () => {
    const setup = new Setup();
    setup.trigger.take([
      alert({ annotations: { score_a: "1e-3", score_b: "high", score_: "1", score_c: "", value: "2" } }),
    ]);
    await setup.settled();
    assert.deepEqual(setup.sent[0]!.scores, { a: 0.001 });
  });

  it("triggers a model again only after the cooldown", async () => {
    const setup = new Setup();
    const at = (hour: number) => alert({ startsAt: new Date(setup.now + hour * 3_600_000).toISOString() });
    setup.trigger.take([at(0)]);
    await setup.settled();
    setup.now += 21_600_000 - 1;
    assert.equal(setup.trigger.take([at(5)]).duplicates, 1);
    setup.now += 1;
    assert.equal(setup.trigger.take([at(5)]).accepted, 1);
    await setup.settled();
    assert.equal(setup.sent.length, 2);
  });

  it("tries again with pauses that grow, and heeds what the target asks for", async () => {
    const setup = new Setup();
    setup.answers = [later(), later(30), later()];
    setup.trigger.take([alert()]);
    await setup.settled();
    assert.equal(setup.sent.length, 4);
    assert.equal(new Set(setup.sent.map(({ id }) => id)).size, 1);
    const [first, second, third] = setup.waits as [number, number, number];
    assert.ok(first >= 0.5 && first <= 1, String(first));
    assert.equal(second, 30);
    assert.ok(third >= 2 && third <= 4, String(third));
    assert.deepEqual(setup.trigger.outcomes, { delivered: 1, duplicate: 0, failed: 0 });
  });

  it("gives up on a dead target, says so, and lets the alert try again", async () => {
    const setup = new Setup();
    setup.answers = [later(), later(), later(), later()];
    setup.trigger.take([alert()]);
    await setup.settled();
    assert.deepEqual([setup.sent.length, setup.trigger.outcomes.failed, setup.records.length], [4, 1, 0]);
    const { level, model, cause, msg } = setup.said.at(-1)!;
    assert.deepEqual(
      [level, model, cause, msg],
      [50, "ocr", "it answered 503", "retraining could not be triggered"],
    );
    assert.equal(setup.trigger.take([alert()]).accepted, 1);
  });

  it("does not repeat what the target refuses", async () => {
    const setup = new Setup();
    setup.answers = [REFUSED];
    setup.trigger.take([alert()]);
    await setup.settled();
    assert.deepEqual([setup.sent.length, setup.trigger.outcomes.failed], [1, 1]);
  });

  it("accepts nothing that it cannot keep", () => {
    const setup = new Setup();
    setup.failing = true;
    assert.throws(() => setup.trigger.take([alert()]), /ENOSPC/);
    setup.failing = false;
    assert.equal(setup.trigger.take([alert()]).accepted, 1);
  });

  it("delivers after a restart what was under way, and nothing that was delivered", async () => {
    const killed = new Setup({ send: () => new Promise(() => undefined) });
    killed.trigger.take([alert(), alert({}, { model: "other" })]);
    const before = killed.records;
    const restarted = new Setup({ before });
    assert.equal(restarted.trigger.take([alert()]).duplicates, 1);
    restarted.trigger.start();
    await restarted.settled();
    assert.deepEqual(
      restarted.sent.map(({ model }) => model),
      ["ocr", "other"],
    );
    const third = new Setup({ before: restarted.records });
    third.trigger.start();
    assert.equal(third.trigger.take([alert()]).duplicates, 1);
    assert.equal(third.sent.length, 0);
  });

  it("keeps for the next start what it is told to stop waiting for", async () => {
    const setup = new Setup({ wait: undefined, retryDelay: 3600, maxRetryDelay: 3600 });
    setup.answers = [later()];
    setup.trigger.take([alert()]);
    while (setup.said.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await setup.trigger.stop();
    assert.deepEqual([setup.trigger.pending, setup.records[0]!.pending?.model], [1, "ocr"]);
  });

  it("calls the target for four events at a time", async () => {
    const open: (() => void)[] = [];
    let most = 0;
    const setup = new Setup({
      send: () =>
        new Promise((resolve) => {
          open.push(() => resolve(DELIVERED));
          most = Math.max(most, open.length);
        }),
    });
    setup.trigger.take(Array.from({ length: 12 }, (_, i) => alert({}, { model: `m${i}` })));
    for (let i = 0; i < 12; i++) {
      await new Promise((resolve) => setImmediate(resolve));
      open.shift()!();
    }
    await setup.settled();
    assert.deepEqual([most, setup.trigger.outcomes.delivered], [4, 12]);
  });
});
