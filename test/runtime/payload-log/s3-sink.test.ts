import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import pino from "pino";
import { Metrics } from "../../../runtime/metrics/metrics";
import { resolveServerOptions, type ServerOptions } from "../../../runtime/options";
import { createPayloadLog } from "../../../runtime/payload-log/create-payload-log";
import { S3Sink, type S3SinkOptions } from "../../../runtime/payload-log/s3-sink";
import { temporaryFolder } from "../../support/temporary-folder";
import { ACCESS_KEY, FakeS3, SECRET_KEY } from "../support/fake-s3";

describe("the payload log in S3", () => {
  const store = new FakeS3("payloads");
  const dir = temporaryFolder("s3-log");
  const files = { accessKeyFile: join(dir, "id"), secretKeyFile: join(dir, "secret") };
  before(async function () {
    this.timeout(60_000);
    await store.start();
  });
  after(() => store.close());
  beforeEach(() => {
    store.reset();
    writeFileSync(files.accessKeyFile, `${ACCESS_KEY}\n`);
    writeFileSync(files.secretKeyFile, `${SECRET_KEY}\n`);
  });

  const sink = (change: Partial<S3SinkOptions> = {}) =>
    new S3Sink({
      bucket: "payloads",
      prefix: "team=a",
      flushBytes: 1000,
      flushMs: 1000,
      endpoint: `http://${store.host}`,
      region: "eu-central-1",
      ...files,
      host: "text-7d9f-x2k4",
      now: () => new Date("2025-01-31T12:00:00Z"),
      ...change,
    });
  const linesOf = (key: string) => gunzipSync(store.objects.get(key)!).toString().split("\n");

  it("stores each batch as an object of JSON lines, compressed, under a key of its own", async () => {
    const one = sink();
    const other = sink();
    await one.deliver(['{"a":1}', '{"b":2}']);
    await one.deliver(['{"c":3}']);
    await other.deliver(['{"d":4}']);
    for (const each of [one, other]) await each.close();
    const keys = [...store.objects.keys()];
    for (const key of keys) {
      assert.match(
        key,
        /^team=a\/date=2025-01-31\/text-7d9f-x2k4-20250131T120000Z[0-9a-f]{6}-00000[12]\.jsonl\.gz$/,
      );
    }
    assert.equal(keys.length, 3);
    assert.deepEqual(keys.map(linesOf), [
      ['{"a":1}', '{"b":2}', ""],
      ['{"c":3}', ""],
      ['{"d":4}', ""],
    ]);
    const headers = store.stored.get(keys[0]!)!;
    assert.deepEqual(
      [headers["content-type"], headers["content-encoding"], headers["x-amz-server-side-encryption"]],
      ["application/x-ndjson", "gzip", undefined],
    );
  });

  it("asks the store to encrypt with the key that it is told", async () => {
    const kmsKey = "arn:aws:kms:eu-central-1:123456789012:key/1234";
    const encrypting = sink({ prefix: "", encryption: { algorithm: "aws:kms", kmsKey } });
    await encrypting.deliver(["{}"]);
    await encrypting.close();
    const [[key, headers]] = [...store.stored] as [[string, Record<string, string>]];
    assert.match(key, /^date=2025-01-31\//);
    assert.equal(headers["x-amz-server-side-encryption"], "aws:kms");
    assert.equal(headers["x-amz-server-side-encryption-aws-kms-key-id"], kmsKey);
  });

  it("compresses megabytes without losing a line", async () => {
    const lines = Array.from({ length: 30_000 }, (_, i) => `{"i":${i},"text":"${"grüße".repeat(10)}"}`);
    const large = sink();
    await large.deliver(lines);
    await large.close();
    const [key] = store.objects.keys();
    assert.deepEqual(linesOf(key!).slice(0, -1), lines);
  });

  it("tries again what failed for a moment, and says what is refused", async () => {
    const one = sink();
    store.failures = [503];
    await one.deliver(["{}"]);
    assert.equal(store.objects.size, 1);
    writeFileSync(files.secretKeyFile, "wrong");
    const other = sink();
    await assert.rejects(other.deliver(["{}"]), {
      message:
        /^s3:\/\/payloads\/team=a\/date=.* cannot be stored: the store refused the credentials \(SignatureDoesNotMatch\)\.$/,
    });
    await Promise.all([one.close(), other.close()]);
  });

  it("refuses at the start credentials that are not there", () => {
    writeFileSync(files.secretKeyFile, "\n");
    assert.throws(() => sink(), {
      name: "UsageError",
      message: `\`--payload-s3-secret-key-file\` (${files.secretKeyFile}) must be a file that is not empty.`,
    });
  });

  it("is flushed by size, by time, and at the end; a store that is gone costs entries, never requests", async () => {
    const options: Partial<ServerOptions> = {
      modelRepository: "models",
      payloadLog: "s3://payloads/p",
      payloadSampleRatio: 1,
      payloadFlushBytes: 1024,
      payloadFlushInterval: 0.1,
      payloadS3Endpoint: `http://${store.host}`,
      payloadS3Region: "eu-central-1",
      payloadS3AccessKeyFile: files.accessKeyFile,
      payloadS3SecretKeyFile: files.secretKeyFile,
    };
    const metrics = new Metrics(() => true);
    const said: string[] = [];
    const log = pino(
      {},
      { write: (line: string) => void said.push((JSON.parse(line) as { msg: string }).msg) },
    );
    const payloads = createPayloadLog(resolveServerOptions(options), metrics, log)!;
    const model = { name: "m", version: "1", spec: { inputs: [] } };
    const request = async () => {
      await payloads.capture(model, { inputs: [] })!.settle(Promise.resolve([]));
    };
    const until = async (holds: () => boolean) => {
      while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    for (let i = 0; i < 12; i++) await request();
    await until(() => store.objects.size === 1);
    await until(() => store.objects.size === 2);
    store.failures = Array.from({ length: 3 }, () => 403);
    for (let i = 0; i < 12; i++) await request();
    await until(() => said.length > 0);
    await request();
    await payloads.close();
    assert.deepEqual(said.slice(0, 1), [
      "the payload log cannot be written; entries are dropped until it can",
    ]);
    const counted = await metrics.registry.metrics();
    const value = (series: string) =>
      Number(
        counted
          .split("\n")
          .find((line) => line.startsWith(series))!
          .split(" ")[1],
      );
    const written = value("slipway_payload_log_entries_total");
    const dropped = value('slipway_payload_log_dropped_total{reason="sink"}');
    const stored = [...store.objects.keys()].flatMap((key) => linesOf(key).slice(0, -1)).length;
    assert.deepEqual([written + dropped, written], [25, stored]);
    assert.ok(dropped > 0);
  });
});
