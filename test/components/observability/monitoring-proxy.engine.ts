import assert from "node:assert";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { request } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TLS_PORT, proxyConfig } from "../../../components/internal/monitoring-access";
import { envoyPath } from "../../../toolchain/build/envoy-wheel";

const HOST = "prometheus.slipway-monitoring.svc";

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
}

/** A port that is free now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe("the container that speaks TLS beside a server", function () {
  this.timeout(30_000);
  let folder: string;
  let envoy: ChildProcess | undefined;
  let server: Server;
  let port: number;

  before(async function () {
    if (!existsSync(envoyPath())) this.skip();
    folder = mkdtempSync(join(tmpdir(), "slipway-proxy-"));
    execFileSync(
      "openssl",
      [
        ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"],
        ...["-subj", `/CN=${HOST}`, "-addext", `subjectAltName=DNS:${HOST}`],
        ...["-keyout", join(folder, "tls.key"), "-out", join(folder, "tls.crt")],
      ],
      { stdio: "ignore" },
    );
    server = createServer((asked, answer) => answer.end(`${asked.method} ${asked.url}`));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    port = await freePort();
    // As it is shipped, but for where this machine has the files, and a port that is free.
    const config = proxyConfig((server.address() as AddressInfo).port)
      .replaceAll("/etc/slipway/certificate", folder)
      .replace(`"port_value":${TLS_PORT}`, `"port_value":${port}`);
    const file = join(folder, "envoy.json");
    writeFileSync(file, config);
    const args = ["-c", file, "--disable-hot-restart", "--log-level", "warn", "--concurrency", "1"];
    envoy = spawn(envoyPath(), args, { stdio: "ignore" });
  });
  after(() => {
    envoy?.kill("SIGKILL");
    server?.close();
    if (folder) rmSync(folder, { recursive: true });
  });

  const ask = (path: string, more: object = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const options = { host: "127.0.0.1", port, path, servername: HOST, rejectUnauthorized: false, ...more };
      request(options, (answer) => {
        let body = "";
        answer.on("data", (part: Buffer) => (body += part.toString()));
        answer.on("end", () => resolve({ status: answer.statusCode, body }));
      })
        .on("error", reject)
        .end();
    });

  async function untilUp(): Promise<Answer> {
    for (let tries = 0; ; tries++) {
      try {
        return await ask("/api/v1/query?query=up");
      } catch (error) {
        if (tries > 100) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  it("passes requests on to the server, by Envoy itself", async () => {
    assert.deepEqual(await untilUp(), { status: 200, body: "GET /api/v1/query?query=up" });
  });

  it("speaks no TLS older than 1.2", async () => {
    await untilUp();
    await assert.rejects(
      ask("/", { maxVersion: "TLSv1.1", minVersion: "TLSv1", ciphers: "ALL:@SECLEVEL=0" }),
    );
  });
});
