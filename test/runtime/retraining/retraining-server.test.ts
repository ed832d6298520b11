import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import pino from "pino";
import { startRetrainingTrigger, type RunningTrigger } from "../../../runtime/retraining/retraining-command";
import { resolveRetrainingOptions } from "../../../runtime/retraining/retraining-options";
import { alert, file, folder, notification, SECRET, TargetServer } from "./support";

const silent = pino({ level: "silent" });

describe("slipway retraining-trigger, over HTTP", () => {
  let dir: string;
  let target: TargetServer;
  let running: RunningTrigger;
  beforeEach(async () => {
    dir = folder();
    target = await TargetServer.start();
    await start();
  });
  afterEach(async () => {
    await running.close();
    target.close();
  });

  async function start(options: Record<string, unknown> = {}): Promise<void> {
    mkdirSync(join(dir, "state"), { recursive: true });
    running = await startRetrainingTrigger(
      resolveRetrainingOptions({
        target: "http",
        targetUrl: target.url,
        signingSecretFile: file(dir, "secret", SECRET),
        tokenFile: file(dir, "token", "let-me-in\n"),
        stateFile: join(dir, "state", "state.json"),
        host: "127.0.0.1",
        httpPort: 0,
        metricsPort: 0,
        maxBodyBytes: 4096,
        retryDelay: 0.01,
        ...options,
      }),
      silent,
    );
  }

  const url = (path: string) => `http://127.0.0.1:${running.port}${path}`;
  async function post(
    body: string,
    authorization: string | undefined = "Bearer let-me-in",
  ): Promise<[number, unknown, Headers]> {
    const response = await fetch(url("/v1/alerts"), {
      method: "POST",
      body,
      headers: authorization === undefined ? {} : { authorization },
    });
    return [response.status, await response.json(), response.headers];
  }
  const isAlive = async () => assert.equal((await fetch(url("/healthz"))).status, 200);

  it("passes a firing alert on, and says what became of each", async () => {
    const [status, answer] = await post(notification(alert(), alert({ status: "resolved" })));
    assert.deepEqual([status, answer], [202, { accepted: 1, duplicates: 0, ignored: 1 }]);
    await target.until(1);
    assert.deepEqual((await post(notification(alert())))[1], { accepted: 0, duplicates: 1, ignored: 0 });
    for (const port of [running.port, running.metricsPort]) {
      const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      assert.match(text, /^slipway_retraining_webhooks_total\{outcome="delivered"\} 1$/m);
      assert.match(text, /^slipway_retraining_webhooks_total\{outcome="duplicate"\} 1$/m);
      assert.match(text, /^slipway_retraining_webhooks_total\{outcome="failed"\} 0$/m);
      assert.match(text, /^slipway_retraining_webhooks_pending 0$/m);
    }
    assert.equal(target.calls.length, 1);
  });

  it("triggers nothing again after a restart, and delivers what was left", async () => {
    await post(notification(alert()));
    await target.until(1);
    target.answers = [{ status: 503, headers: { "retry-after": "600" } }];
    await post(notification(alert({}, { model: "left" })));
    await target.until(2);
    await running.close();
    await start();
    await target.until(3);
    assert.equal((JSON.parse(target.calls[2]!.body) as { model: string }).model, "left");
    assert.deepEqual((await post(notification(alert(), alert({}, { model: "left" }))))[1], {
      accepted: 0,
      duplicates: 2,
      ignored: 0,
    });
    assert.equal(target.calls.length, 3);
  });

  const strangers = [
    undefined,
    "Bearer",
    "Bearer wrong",
    "Bearer let-me-in2",
    "Basic let-me-in",
    "let-me-in",
  ];
  for (const authorization of strangers) {
    it(`refuses a caller who shows ${authorization ?? "nothing"}`, async () => {
      const [status, answer, headers] = await post(notification(alert()), authorization ?? "");
      assert.deepEqual([status, answer], [401, { error: "The caller must show credentials." }]);
      assert.equal(headers.get("www-authenticate"), 'Bearer realm="slipway"');
      assert.equal(running.trigger.pending + target.calls.length, 0);
    });
  }

  it("takes the token that the file holds now", async () => {
    writeFileSync(join(dir, "token"), "another\n");
    assert.equal((await post(notification()))[0], 401);
    assert.equal((await post(notification(), "bearer another"))[0], 202);
    rmSync(join(dir, "token"));
    assert.equal((await post(notification(), "bearer another"))[0], 503);
  });

  it("takes a name and a password, where they are asked for", async () => {
    await running.close();
    const files = { usernameFile: file(dir, "user", "am"), passwordFile: file(dir, "password", "pass:word") };
    await start({ tokenFile: undefined, ...files });
    const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
    assert.equal((await post(notification(), basic("am:pass:word")))[0], 202);
    const [status, , headers] = await post(notification(), basic("am:other"));
    assert.deepEqual([status, headers.get("www-authenticate")], [401, 'Basic realm="slipway"']);
  });

  const hostile: [string, string | Buffer, number][] = [
    ["no JSON", "{", 400],
    ["nothing", "", 400],
    ["bytes that are no text", Buffer.from([0xff, 0xfe, 0]), 400],
    ["null", "null", 400],
    ["brackets", "[".repeat(4000), 400],
    ["another version", '{"version":"3","alerts":[]}', 400],
    ["keys of every object", '{"version":"4","alerts":[{"__proto__":{"status":"firing"}}]}', 400],
    ["more than fits", notification(...Array<ReturnType<typeof alert>>(20).fill(alert())), 413],
  ];
  for (const [what, body, status] of hostile) {
    it(`answers ${what} with ${status}, and lives`, async () => {
      const response = await fetch(url("/v1/alerts"), {
        method: "POST",
        body,
        headers: { authorization: "Bearer let-me-in" },
      });
      assert.equal(response.status, status);
      assert.equal(typeof ((await response.json()) as { error: unknown }).error, "string");
      await isAlive();
    });
  }

  it("lives on when a caller hangs up, sends no end, or speaks something else", async () => {
    const head = "POST /v1/alerts HTTP/1.1\r\nhost: x\r\nauthorization: Bearer let-me-in\r\n";
    const pieces = [
      `${head}content-length: 100\r\n\r\n{`,
      `${head}transfer-encoding: chunked\r\n\r\n5000\r\n${"x".repeat(5000)}`,
      "\x16\x03\x01\x02\x00\x01",
      `${head}content-length: -5\r\n\r\n`,
    ];
    for (const piece of pieces) {
      const socket = connect(running.port, "127.0.0.1");
      socket.on("error", () => undefined);
      await once(socket, "connect");
      socket.write(piece, "latin1");
      await new Promise((resolve) => setTimeout(resolve, 10));
      socket.destroy();
    }
    await isAlive();
    assert.equal((await post(notification(alert())))[0], 202);
  });

  it("has nothing else", async () => {
    const statuses = async (path: string, method: string) => (await fetch(url(path), { method })).status;
    assert.equal(await statuses("/v1/alerts", "GET"), 405);
    assert.equal(await statuses("/metrics", "POST"), 405);
    assert.equal(await statuses("/", "GET"), 404);
    const metricsPort = `http://127.0.0.1:${running.metricsPort}/v1/alerts`;
    assert.equal((await fetch(metricsPort, { method: "POST" })).status, 404);
  });

  it("asks for the notification again when it cannot keep the state", async () => {
    rmSync(join(dir, "state"), { recursive: true });
    const [status, answer, headers] = await post(notification(alert()));
    assert.deepEqual(
      [status, answer, headers.get("retry-after")],
      [503, { error: "The state cannot be written; send it again." }, "30"],
    );
    mkdirSync(join(dir, "state"));
    assert.deepEqual((await post(notification(alert())))[1], { accepted: 1, duplicates: 0, ignored: 0 });
  });
});
