import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pino from "pino";
import { Metrics } from "../../../runtime/metrics/metrics";
import { KeyPairWatcher } from "../../../runtime/tls";
import { writeKeyPair } from "../support/certificates";

async function valueOf(metrics: Metrics, metric: string): Promise<string[]> {
  const text = await metrics.registry.metrics();
  return text.split("\n").filter((line) => line.startsWith(metric));
}

describe("the certificate's end", () => {
  let dir: string;
  before(() => {
    dir = mkdtempSync(join(tmpdir(), "slipway-certificate-"));
    writeKeyPair(dir, "server");
  });
  after(() => rmSync(dir, { recursive: true }));
  const file = (name: string) => join(dir, name);
  const open = (cert: string) =>
    KeyPairWatcher.open({ cert: file(cert), key: file("tls.key") }, pino({ level: "silent" }));
  const endOf = (name: string) => Date.parse(new X509Certificate(readFileSync(file(name))).validTo) / 1000;

  it("is a metric where there is TLS, and none without", async () => {
    const metrics = new Metrics(() => true);
    assert.deepEqual(await valueOf(metrics, "slipway_tls_certificate_expiry_timestamp_seconds"), []);
    const watcher = open("tls.crt");
    metrics.watchCertificate(() => watcher.expiresAt);
    watcher.close();
    const end = endOf("tls.crt");
    assert.ok(Math.abs(end - Date.now() / 1000 - 2 * 86_400) < 600, String(end));
    assert.deepEqual(await valueOf(metrics, "slipway_tls_certificate_expiry_timestamp_seconds"), [
      `slipway_tls_certificate_expiry_timestamp_seconds ${end}`,
    ]);
  });

  it("is that of the chain's first certificate to end", () => {
    const short = readFileSync(join(__dirname, "../support/ended.crt"), "utf8");
    writeFileSync(file("chain.crt"), `${readFileSync(file("tls.crt"), "utf8")}${short}`);
    const watcher = open("chain.crt");
    watcher.close();
    assert.equal(watcher.expiresAt, Date.parse(new X509Certificate(short).validTo) / 1000);
    assert.ok(watcher.expiresAt! < endOf("tls.crt"));
  });
});

describe("the room of a queue", () => {
  it("is a metric of models that have one, the sum of what is loaded", async () => {
    const metrics = new Metrics(() => true);
    const model = metrics.forModel("add", "1");
    model.observe(() => ({ inflight: 0, pending: 3, cacheBytes: 0, queueCapacity: 1024 }));
    metrics.forModel("pipeline", "1").observe(() => ({ inflight: 0, pending: 0, cacheBytes: 0 }));
    assert.deepEqual(await valueOf(metrics, "slipway_inference_queue_capacity_requests{"), [
      'slipway_inference_queue_capacity_requests{model="add",version="1"} 1024',
    ]);
  });
});
