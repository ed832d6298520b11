import assert from "node:assert/strict";
import { credentials } from "@grpc/grpc-js";
import { once } from "node:events";
import { copyFileSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { Agent, request, type RequestOptions } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import pino from "pino";
import { createServer } from "../../runtime";
import { certificateName } from "../../runtime/auth/certificate-name";
import { createHttpListener } from "../../runtime/rest/http-server";
import { KeyPairWatcher, type TlsFiles } from "../../runtime/tls";
import { TestAuthority, type Issued } from "./support/certificates";
import { grpcClient } from "./support/grpc-client";
import { modelFolder } from "./support/model-folder";
import { RunningServer } from "./support/running-server";

describe("client certificates", () => {
  const dir = modelFolder({});
  const [ours, theirs] = [new TestAuthority(dir, "ours"), new TestAuthority(dir, "theirs")];
  const server = ours.issue("server");
  writeFileSync(join(dir, "tls.crt"), server.cert);
  writeFileSync(join(dir, "tls.key"), server.key);
  const [client, stranger] = [ours.issue("client"), theirs.issue("client")];
  const clientCa = join(dir, "client-ca.crt");
  const files: TlsFiles = { cert: join(dir, "tls.crt"), key: join(dir, "tls.key"), clientCa };
  const limits = { headerTimeout: 5, requestTimeout: 5, idleTimeout: 5, maxConnections: 10 };

  beforeEach(() => copyFileSync(ours.file, clientCa));

  /** An HTTP server that answers who called. */
  async function listen(clientAuth: TlsFiles["clientAuth"]): Promise<{ http: Server; tls: KeyPairWatcher }> {
    const tls = KeyPairWatcher.open({ ...files, clientAuth }, pino({ level: "silent" }), 10);
    const http = createHttpListener((req, res) => res.end(String(certificateName(req.socket))), limits, tls);
    http.listen(0, "127.0.0.1");
    await once(http, "listening");
    return { http, tls };
  }

  async function caller(
    http: Server,
    options: Partial<Issued> & RequestOptions & { session?: Buffer } = {},
  ): Promise<string> {
    const { port } = http.address() as AddressInfo;
    const sent = request({ port, host: "127.0.0.1", ca: ours.pem, agent: false, ...options }).end();
    const [response] = await once(sent, "response");
    let text = "";
    for await (const chunk of response) text += String(chunk);
    return text;
  }

  async function during(
    clientAuth: TlsFiles["clientAuth"],
    work: (http: Server, tls: KeyPairWatcher) => Promise<void>,
  ): Promise<void> {
    const { http, tls } = await listen(clientAuth);
    try {
      await work(http, tls);
    } finally {
      tls.close();
      http.close();
      http.closeAllConnections();
    }
  }

  it("name their owner, for each request of a connection", () =>
    during("require", async (http) => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      assert.equal(await caller(http, { ...client, agent }), "client");
      assert.equal(await caller(http, { ...client, agent }), "client");
      agent.destroy();
    }));

  it("are required, and must be by the authority", () =>
    during("require", async (http) => {
      await assert.rejects(caller(http), /certificate required|ECONNRESET|socket hang up/i);
      await assert.rejects(caller(http, stranger), /unknown ca|ECONNRESET|socket hang up/i);
    }));

  it("count for nothing where they are optional and not by the authority", () =>
    during("optional", async (http) => {
      assert.equal(await caller(http), "undefined");
      assert.equal(await caller(http, stranger), "undefined");
      assert.equal(await caller(http, client), "client");
    }));

  it("are refused as soon as their authority is taken away, even in a session that is resumed", () =>
    during("require", async (http, tls) => {
      let session: Buffer | undefined;
      const agent = new Agent({ maxCachedSessions: 10 });
      const keepSession = (options: object) => {
        const sent = request({
          port: (http.address() as AddressInfo).port,
          host: "127.0.0.1",
          ca: ours.pem,
          agent,
          ...options,
        });
        sent.on("socket", (socket) => socket.on("session", (ticket: Buffer) => (session = ticket)));
        return once(sent.end(), "response");
      };
      const [response] = await keepSession(client);
      response.resume();
      await once(response, "end");
      const changed = new Promise((resolve) => tls.onChange(resolve));
      copyFileSync(theirs.file, clientCa);
      await changed;
      await assert.rejects(caller(http, { ...client, session }), /unknown ca|ECONNRESET|socket hang up/i);
      assert.equal(await caller(http, stranger), "client");
      agent.destroy();
    }));

  it("are asked for on the HTTP and gRPC ports of a server", async () => {
    const running = await RunningServer.start(modelFolder({}), {
      tlsCert: files.cert,
      tlsKey: files.key,
      tlsClientCa: clientCa,
    });
    try {
      const { http, grpc } = running.server.ports();
      await assert.rejects(fetch(`https://localhost:${http}/v2`));
      const call = async (...given: [Buffer?, Buffer?]) => {
        const channel = grpcClient(`localhost:${grpc}`, credentials.createSsl(ours.pem, ...given));
        try {
          return (await channel.call("ServerLive", {})).live;
        } finally {
          channel.close();
        }
      };
      assert.equal(await call(client.key, client.cert), true);
      await assert.rejects(call(), { code: 14 });
      await assert.rejects(call(stranger.key, stranger.cert), { code: 14 });
    } finally {
      await running.close();
    }
  });

  it("want a file that holds certificates of authorities", () => {
    const create = (tlsClientCa: string) =>
      createServer({ modelRepository: dir, tlsCert: files.cert, tlsKey: files.key, tlsClientCa });
    const file = join(dir, "none.crt");
    writeFileSync(file, "nothing");
    assert.throws(() => create(file), {
      message: `\`--tls-client-ca\` (${file}) must hold PEM certificates of authorities: it has none.`,
    });
    assert.throws(() => create(files.cert), {
      message: `\`--tls-client-ca\` (${files.cert}) must hold PEM certificates of authorities: one of them is not that of an authority.`,
    });
    assert.throws(() => create("/none"), {
      message: "`--tls-client-ca` (/none) cannot be read: it does not exist.",
    });
  });
});
