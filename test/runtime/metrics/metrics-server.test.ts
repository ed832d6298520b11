import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { request, type Server } from "node:http";
import { request as secureRequest, type RequestOptions } from "node:https";
import { connect, type AddressInfo } from "node:net";
import { join } from "node:path";
import pino from "pino";
import type { Authenticator, Credentials } from "../../../runtime/auth/authenticator";
import { ServerError } from "../../../runtime/errors";
import { Metrics } from "../../../runtime/metrics/metrics";
import { createMetricsServer, type MetricsServerOptions } from "../../../runtime/metrics/metrics-server";
import { KeyPairWatcher } from "../../../runtime/tls";
import { TestAuthority } from "../support/certificates";
import { modelFolder } from "../support/model-folder";

const LIMITS = { headerTimeout: 5, requestTimeout: 5, idleTimeout: 60, maxConnections: 10 };

describe("createMetricsServer", () => {
  let server: Server;
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  async function listen(options: Partial<MetricsServerOptions> = {}): Promise<number> {
    server = createMetricsServer(new Metrics(() => true), { limits: LIMITS, ...options });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  }

  async function get(port: number, options: RequestOptions = {}) {
    const ask = options.ca ? secureRequest : request;
    const sent = ask({ host: "127.0.0.1", port, path: "/metrics", agent: false, ...options }).end();
    const [response] = await once(sent, "response");
    let text = "";
    for await (const chunk of response) text += String(chunk);
    return { status: response.statusCode as number, headers: response.headers, text };
  }

  it("gives metrics, and refuses other paths and methods", async () => {
    const port = await listen();
    const { status, text } = await get(port);
    assert.deepEqual([status, text.includes("# TYPE slipway_")], [200, true]);
    assert.equal((await get(port, { path: "/metrics?x" })).status, 200);
    assert.equal((await get(port, { path: "/" })).status, 404);
    const posted = await get(port, { method: "POST" });
    assert.deepEqual([posted.status, posted.headers.allow], [405, "GET, HEAD"]);
  });

  it("has the limits of the other ports", async () => {
    const port = await listen({ limits: { ...LIMITS, idleTimeout: 0.05, maxConnections: 1 } });
    assert.deepEqual([server.headersTimeout, server.requestTimeout], [5000, 5000]);
    const first = connect(port, "127.0.0.1");
    await once(first, "connect");
    const second = connect(port, "127.0.0.1").on("error", () => undefined);
    second.resume();
    await once(second, "close");
    // The first has asked nothing and is ended for that.
    first.resume();
    await once(first, "close");
    assert.equal((await get(port)).status, 200);
  });

  it("says when to come again where keys cannot be fetched", async () => {
    const authenticator = {
      challenge: "Bearer",
      authorize: () => Promise.reject(new ServerError("KeysUnavailable", "No keys.")),
    } as unknown as Authenticator;
    const { status, headers, text } = await get(await listen({ authenticator }));
    assert.deepEqual([status, headers["retry-after"], text], [503, "1", "No keys.\n"]);
  });

  it("speaks TLS where it is told to, and knows clients by their certificates", async () => {
    const dir = modelFolder({});
    const authority = new TestAuthority(dir, "authority");
    const own = authority.issue("server");
    writeFileSync(join(dir, "tls.crt"), own.cert);
    writeFileSync(join(dir, "tls.key"), own.key);
    const files = { cert: join(dir, "tls.crt"), key: join(dir, "tls.key"), clientCa: authority.file };
    const tls = KeyPairWatcher.open(files, pino({ level: "silent" }));
    const known: (string | undefined)[] = [];
    const authenticator = {
      authorize: ({ certificateName }: Credentials) => Promise.resolve(known.push(certificateName)),
    } as unknown as Authenticator;
    const port = await listen({ tls, authenticator });
    tls.close();
    const { cert, key } = authority.issue("prometheus");
    assert.equal((await get(port, { ca: authority.pem, cert, key })).status, 200);
    assert.deepEqual(known, ["prometheus"]);
    await assert.rejects(get(port, { ca: authority.pem }));
    await assert.rejects(get(port));
  });
});
