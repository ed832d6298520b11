import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { request } from "node:https";
import { createServer as createNetServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import {
  agentArguments,
  agentConfig,
  AGENT_PORT,
  CONFIG_FOLDER,
  CREDENTIALS_FOLDER,
  DATA_FOLDER,
} from "../../../components/internal/edge-metrics";
import type { ResolvedMetrics } from "../../../components/edge/edge-settings";
import { ensureTools } from "../../../toolchain/build";
import { silent } from "../../../toolchain/progress";
import { TestAuthority } from "../../runtime/support/certificates";

async function freePort(): Promise<number> {
  const server = createNetServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** The real Prometheus, with the site's own configuration, between a server and a receiver that comes and goes. */
describe("an EdgeSite's agent with the real Prometheus", function () {
  this.timeout(180_000);

  const dir = mkdtempSync(join(tmpdir(), "slipway-edge-"));
  const running: ChildProcess[] = [];
  let prometheus: string;
  let authority: TestAuthority;
  let receiverPort: number;
  let scrapes = 0;
  const target = createServer((_request, response) => {
    scrapes++;
    response
      .writeHead(200, { "content-type": "text/plain; version=0.0.4" })
      .end("# TYPE slipway_server_ready gauge\nslipway_server_ready 1\n");
  });

  before(async () => {
    prometheus = (await ensureTools(["cluster"], silent)).path("prometheus");
    authority = new TestAuthority(dir, "ca");
    target.listen(0, "127.0.0.1");
    await once(target, "listening");
    receiverPort = await freePort();
  });
  after(async () => {
    for (const child of running) await stop(child);
    target.close();
    target.closeAllConnections();
    rmSync(dir, { recursive: true, force: true });
  });

  const start = (argv: string[]): ChildProcess => {
    const child = spawn(prometheus, argv, {
      cwd: dir,
      stdio: "ignore",
    });
    running.push(child);
    return child;
  };

  async function stop(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    await once(child, "exit");
  }

  /** Takes samples over mutual TLS only. */
  function startReceiver(): ChildProcess {
    const { cert, key } = authority.issue("localhost");
    writeFileSync(join(dir, "receiver.crt"), cert);
    writeFileSync(join(dir, "receiver.key"), key);
    writeFileSync(join(dir, "receiver.yml"), "storage: { tsdb: { out_of_order_time_window: 1h } }\n");
    writeFileSync(
      join(dir, "web.yml"),
      `tls_server_config:\n  cert_file: receiver.crt\n  key_file: receiver.key\n  client_ca_file: ca.crt\n  client_auth_type: RequireAndVerifyClientCert\n`,
    );
    return start([
      "--config.file=receiver.yml",
      "--web.config.file=web.yml",
      "--web.enable-remote-write-receiver",
      "--storage.tsdb.path=receiver-data",
      `--web.listen-address=127.0.0.1:${receiverPort}`,
    ]);
  }

  async function startAgent(): Promise<ChildProcess> {
    const { cert, key } = authority.issue("store");
    writeFileSync(join(dir, "client.crt"), cert);
    writeFileSync(join(dir, "client.key"), key);
    const metrics: ResolvedMetrics = {
      image: "",
      url: `https://localhost:${receiverPort}/api/v1/write`,
      majorVersion: 3,
      bufferHours: 2,
      scrapeInterval: 1,
      maxSeries: 100,
      clientCertificate: "given",
      clientKey: "given",
      caCertificate: "given",
    };
    const { port } = target.address() as AddressInfo;
    const config = agentConfig(metrics, { site: "store", namespace: "edge", username: undefined })
      .replaceAll(CREDENTIALS_FOLDER, dir)
      .replace("store.edge.svc:8002", `127.0.0.1:${port}`)
      // A receiver that is back is not waited for longer than the test.
      .replace('"max_backoff": "30s"', '"max_backoff": "1s"');
    writeFileSync(join(dir, "prometheus.yml"), config);
    const listen = await freePort();
    const argv = agentArguments(metrics).map((argument) =>
      argument
        .replace(CONFIG_FOLDER, dir)
        .replace(`path=${DATA_FOLDER}`, `path=${join(dir, "agent-data")}`)
        .replace(`=:${AGENT_PORT}`, `=127.0.0.1:${listen}`),
    );
    return start(argv);
  }

  /** Seconds of the samples that the receiver has. */
  async function received(): Promise<number[]> {
    const query = encodeURIComponent('slipway_server_ready{site="store"}[10m]');
    const credentials = {
      ca: authority.pem,
      cert: readFileSync(join(dir, "client.crt")),
      key: readFileSync(join(dir, "client.key")),
    };
    const text = await new Promise<string>((resolve, reject) => {
      const outgoing = request(
        { host: "localhost", port: receiverPort, path: `/api/v1/query?query=${query}`, ...credentials },
        (response) => {
          let body = "";
          response.on("data", (piece) => (body += piece));
          response.on("end", () => resolve(body));
        },
      );
      outgoing.on("error", reject);
      outgoing.end();
    });
    const [series] = JSON.parse(text).data.result as { values: [number, string][] }[];
    return (series?.values ?? []).map(([time]) => time);
  }

  async function scraped(times: number): Promise<void> {
    const wanted = scrapes + times;
    while (scrapes < wanted) await delay(100);
  }

  async function receivedUntil(enough: (times: number[]) => boolean): Promise<number[]> {
    let times: number[] = [];
    for (let tries = 0; tries < 120; tries++) {
      times = await received().catch(() => []);
      if (enough(times)) break;
      await delay(500);
    }
    return times;
  }

  it("sends what was scraped while nobody could be reached", async () => {
    await startAgent();
    await scraped(12);
    const back = Date.now() / 1000;
    const receiver = startReceiver();
    const times = await receivedUntil((all) => all.some((time) => time > back));
    const missed = times.filter((time) => time < back - 1);
    assert.ok(missed.length >= 10, `${missed.length} samples of the time before ${back}: ${times.join(" ")}`);
    await stop(receiver);

    // And a second time, when it had been there before.
    const lost = Date.now() / 1000;
    await scraped(8);
    const again = Date.now() / 1000;
    startReceiver();
    const later = await receivedUntil((all) => all.some((time) => time > again));
    const between = later.filter((time) => time > lost + 1 && time < again - 1);
    assert.ok(between.length >= 5, `${between.length} samples between ${lost} and ${again}`);
  });
});
