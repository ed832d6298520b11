import assert from "node:assert/strict";
import fs, { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pino from "pino";
import { Ledger } from "../../../runtime/retraining/ledger";
import { retrainingEvent } from "../../../runtime/retraining/retraining-event";
import { StateFile } from "../../../runtime/retraining/state-file";
import { alert, folder } from "./support";

const HOUR = 3_600_000;
const event = (change: Parameters<typeof alert>[0] = {}, labels: Record<string, string> = {}) =>
  retrainingEvent(alert(change, labels))!;

describe("Ledger", () => {
  it("takes an alert once, however often it is notified", () => {
    const ledger = new Ledger(6 * HOUR);
    assert.equal(ledger.accept(event(), 0), undefined);
    assert.equal(ledger.accept(event(), 1), "alert");
    ledger.delivered(event().id);
    assert.equal(ledger.accept(event(), 100 * HOUR), "alert");
  });

  it("takes a model once within the cooldown, whichever alert and slot", () => {
    const ledger = new Ledger(6 * HOUR);
    ledger.accept(event(), 0);
    const again = event({ fingerprint: "b" }, { service: "text-green", version: "5" });
    assert.equal(ledger.accept(again, 6 * HOUR - 1), "cooldown");
    ledger.delivered(event().id);
    assert.equal(ledger.accept(again, 6 * HOUR - 1), "cooldown");
    assert.equal(ledger.accept(again, 6 * HOUR), undefined);
  });

  it("keeps models and namespaces apart", () => {
    const ledger = new Ledger(6 * HOUR);
    const others: Record<string, string>[] = [{}, { model: "other" }, { namespace: "team-b" }];
    for (const labels of others)
      assert.equal(ledger.accept(event({}, labels), 0), undefined, JSON.stringify(labels));
  });

  it("takes an alert that fires anew, and no second event while one is under way", () => {
    const ledger = new Ledger(0);
    const anew = event({ startsAt: "2025-02-01T00:00:00.000Z" });
    ledger.accept(event(), 0);
    assert.equal(ledger.accept(anew, HOUR), "cooldown");
    ledger.delivered(event().id);
    assert.equal(ledger.accept(anew, HOUR), undefined);
  });

  it("gives a failed alert another chance", () => {
    const ledger = new Ledger(6 * HOUR);
    ledger.accept(event(), 0);
    ledger.forget(event().id);
    assert.equal(ledger.accept(event(), 1), undefined);
  });

  it("forgets the oldest that are done, never what is to be delivered", () => {
    const ledger = new Ledger(0, [], 10);
    ledger.accept(event({}, { model: "pending" }), 0);
    for (let i = 0; i < 12; i++) {
      const one = event({}, { model: `m${i}` });
      ledger.accept(one, i);
      ledger.delivered(one.id);
    }
    assert.equal(ledger.all.length, 10);
    assert.deepEqual(
      ledger.pending.map(({ model }) => model),
      ["pending"],
    );
  });
});

describe("StateFile", () => {
  const said: string[] = [];
  const log = pino(
    {},
    { write: (line: string) => void said.push((JSON.parse(line) as { msg: string }).msg) },
  );
  beforeEach(() => said.splice(0));

  it("gives back what was written, to its user alone", () => {
    const path = join(folder(), "state.json");
    const ledger = new Ledger(HOUR);
    ledger.accept(event(), 5);
    new StateFile(path).write(ledger.all);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const restored = new Ledger(HOUR, new StateFile(path).read(log));
    assert.deepEqual(restored.pending, JSON.parse(JSON.stringify([event()])));
    assert.equal(restored.accept(event(), 6), "alert");
    assert.deepEqual([said, existsSync(`${path}.tmp`)], [[], false]);
  });

  it("begins anew where there is no file, and says so where it is broken", () => {
    const path = join(folder(), "state.json");
    assert.deepEqual(new StateFile(path).read(log), []);
    assert.deepEqual(said, []);
    for (const text of ["{", '{"version":2}', '{"version":1,"records":[{"id":1}]}', "null"]) {
      writeFileSync(path, text);
      assert.deepEqual(new StateFile(path).read(log), [], text);
    }
    assert.deepEqual(
      said,
      Array(4).fill("the state cannot be read: what has been triggered before is not known"),
    );
  });

  it("refuses at the start a place that cannot be written to", () => {
    const dir = folder();
    mkdirSync(join(dir, "state.json"));
    assert.throws(() => new StateFile(join(dir, "none", "state.json")).requireWritable([]), {
      name: "UsageError",
      message: `\`--state-file\` (${join(dir, "none", "state.json")}) cannot be written (ENOENT); name a file in a folder that the server may write to.`,
    });
    assert.throws(
      () => new StateFile(join(dir, "state.json")).requireWritable([]),
      /cannot be written \(EISDIR\)/,
    );
  });

  it("writes the rest where the volume takes a part at a time", () => {
    const path = join(folder(), "state.json");
    const { writeSync } = fs;
    const records = [{ id: "a", model: "m", at: 1 }];
    let calls = 0;
    // What a file system may do: fewer bytes than were given, and no error.
    const few = (handle: number, data: Buffer | string, offset = 0) => {
      calls++;
      const bytes = Buffer.from(data as string);
      return writeSync(handle, bytes, offset, Math.min(10, bytes.length - offset));
    };
    fs.writeSync = few as typeof writeSync;
    try {
      new StateFile(path).write(records);
    } finally {
      fs.writeSync = writeSync;
    }
    assert.deepEqual(new StateFile(path).read(log), records);
    assert.ok(calls > 1, `${calls} calls`);
  });

  it("leaves the old file whole when the new one cannot be written", () => {
    const path = join(folder(), "state.json");
    const file = new StateFile(path);
    file.write([{ id: "a", model: "m", at: 1 }]);
    mkdirSync(`${path}.tmp`);
    assert.throws(() => file.write([]));
    assert.match(readFileSync(path, "utf8"), /"id":"a"/);
  });
});
