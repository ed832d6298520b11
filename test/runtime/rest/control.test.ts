import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import type { Authenticator, Credentials, Scope } from "../../../runtime/auth/authenticator";
import { ServerError } from "../../../runtime/errors";
import { fakeTrace } from "../support/fake-trace";
import type { RequestOrigin, Tracing } from "../../../runtime/tracing/request-trace";
import { RestServer, type FakeModel } from "./support/rest-server";

const spec = [{ name: "x", datatype: "FP32" as const, shape: [-1] }];
const MODEL: FakeModel = { spec: { inputs: spec, outputs: spec } };
const BODY = { inputs: [{ name: "x", datatype: "FP32", shape: [1], data: [1] }] };

let server: RestServer | undefined;
afterEach(() => server?.close());

describe("control over REST", () => {
  const calls: unknown[][] = [];
  const start = () => {
    calls.length = 0;
    return RestServer.start({ m: MODEL }, {}, {
      loadModel: async (...args: unknown[]) => {
        calls.push(["load", ...args]);
        if (args[0] === "none") throw new ServerError("Conflict", "Models are not loaded by request.");
      },
      unloadModel: async (...args: unknown[]) => void calls.push(["unload", ...args]),
      modelConfig: (name: string, version?: string) => ({ name, version: version ?? "latest" }),
      statistics: (...args: unknown[]) => args as never,
      repositoryIndex: (readyOnly: boolean) => [readyOnly] as never,
      modelMetadata: async (name: string) => ({ name }) as never,
      ready: () => false,
    } as object);
  };

  it("loads and unloads with the request's parameters", async () => {
    server = await start();
    const config = { parameters: { config: '{"instances":2}' } };
    const loaded = await server.call("POST", "/v2/repository/models/a%20b/load", JSON.stringify(config));
    assert.deepEqual([loaded.status, loaded.json], [200, {}]);
    assert.equal((await server.call("POST", "/v2/repository/models/m/load")).status, 200);
    const unload = gzipSync('{"parameters":{"unload_dependents":true}}');
    await server.call("POST", "/v2/repository/models/m/unload", unload, { "content-encoding": "gzip" });
    assert.deepEqual(calls, [
      ["load", "a b", { config: '{"instances":2}' }],
      ["load", "m", undefined],
      ["unload", "m", { unload_dependents: true }],
    ]);
    assert.equal(server.budget.heldBytes, 0);
  });

  it("answers what the registry refuses, and ill bodies", async () => {
    server = await start();
    const cases: [string, string, number, string][] = [
      ["none", "", 409, "Models are not loaded by request."],
      ["m", "[]", 400, "The request body must be a JSON object."],
      ["m", "{", 400, "The request body is not valid JSON."],
      ["m", '{"parameters":[]}', 400, "`parameters` must be an object."],
      ["m", "\xff", 400, "The request body must be UTF-8."],
    ];
    for (const [model, body, status, error] of cases) {
      const reply = await server.call(
        "POST",
        `/v2/repository/models/${model}/load`,
        Buffer.from(body, "latin1"),
      );
      assert.deepEqual([reply.status, reply.json], [status, { error }]);
    }
    const deep = await server.call("POST", "/v2/repository/index", "[".repeat(50_000));
    assert.equal(deep.status, 400);
    assert.equal(server.budget.heldBytes, 0);
  });

  it("passes names and versions on", async () => {
    server = await start();
    const get = async (path: string) => (await server!.call("GET", path)).json;
    assert.deepEqual(await get("/v2/models/m/config"), { name: "m", version: "latest" });
    assert.deepEqual(await get("/v2/models/m/versions/stable/config"), { name: "m", version: "stable" });
    assert.deepEqual(await get("/v2/models/stats"), { model_stats: [] });
    assert.deepEqual(await get("/v2/models/m/versions/2/stats"), { model_stats: ["m", "2"] });
    assert.deepEqual(await get("/v2/models/m"), { name: "m" });
    assert.deepEqual((await server.call("POST", "/v2/repository/index", '{"ready":true}')).json, [true]);
    assert.deepEqual((await server.call("POST", "/v2/repository/index")).json, [false]);
  });

  it("ends connections with their answers while it drains, and says when it is not ready", async () => {
    server = await start();
    const ready = await server.call("GET", "/v2/health/ready", "", { connection: "keep-alive" });
    assert.deepEqual([ready.status, ready.json], [503, { ready: false }]);
    await server.close();
    server = await RestServer.start({ m: MODEL }, {}, { isDraining: true });
    const reply = await server.infer("m", BODY, { connection: "keep-alive" });
    assert.deepEqual([reply.status, reply.headers.connection], [200, "close"]);
  });

  it("goes on after a body that nobody asked for", async () => {
    server = await start();
    const headers = { "content-length": 80_000 };
    for (const [path, expected] of [
      ["/v2/models/m", 200],
      ["/v2/nowhere", 404],
    ] as const) {
      const { status } = await server.call("GET", path, Buffer.alloc(80_000), headers);
      assert.equal(status, expected);
    }
  });
});

describe("authentication over REST", () => {
  const asked: [Scope, Credentials][] = [];
  const authenticator = (how: "at once" | "later"): Authenticator => ({
    authorize(credentials, scope) {
      asked.push([scope, credentials]);
      const decide = () => {
        if (credentials.apiKey === undefined)
          throw new ServerError("Unauthenticated", "Send a token or a key.");
        if (credentials.apiKey !== "good")
          throw new ServerError("PermissionDenied", "The key lacks a scope.");
        return { subject: "team-a", scopes: new Set<Scope>(["infer"]) };
      };
      // A turn of the event loop later, when the whole body has come.
      return how === "at once" ? decide() : new Promise((resolve) => setImmediate(resolve)).then(decide);
    },
    close: () => undefined,
  });

  for (const how of ["at once", "later"] as const) {
    it(`runs what is allowed, decided ${how}, and accounts it to the caller`, async () => {
      asked.length = 0;
      server = await RestServer.start({ m: MODEL }, { authenticator: authenticator(how) });
      const large = JSON.stringify({
        inputs: [{ name: "x", datatype: "FP32", shape: [16000], data: Array(16000).fill(0.125) }],
      });
      const headers = { "x-api-key": "good", authorization: "Bearer t" };
      const { status } = await server.call("POST", "/v2/models/m/infer", large, headers);
      assert.equal(status, 200);
      assert.equal(server.requests[0]!.client, "team-a");
      assert.deepEqual(asked, [
        ["infer", { authorization: "Bearer t", apiKey: "good", certificateName: undefined }],
      ]);
    });

    it(`refuses the others, decided ${how}, without reading on`, async () => {
      server = await RestServer.start({ m: MODEL }, { authenticator: authenticator(how) });
      const none = await server.infer("m", BODY);
      assert.deepEqual(
        [none.status, none.headers["www-authenticate"], none.json],
        [401, "Bearer", { error: "Send a token or a key." }],
      );
      const bad = await server.infer("m", BODY, { "x-api-key": "bad" });
      assert.deepEqual([bad.status, bad.json], [403, { error: "The key lacks a scope." }]);
      assert.deepEqual([server.requests.length, server.counted], [0, []]);
    });
  }

  it("asks nothing of probes, and the scope admin of who changes the repository", async () => {
    asked.length = 0;
    const loadModel = async () => undefined;
    server = await RestServer.start({ m: MODEL }, { authenticator: authenticator("at once") }, { loadModel });
    for (const path of ["/v2/health/live", "/v2/health/ready"]) {
      assert.equal((await server.call("GET", path)).status, 200);
    }
    assert.equal(asked.length, 0);
    await server.call("GET", "/v2/models/m/ready", "", { "x-api-key": "good" });
    await server.call("POST", "/v2/repository/models/m/load", "", { "x-api-key": "good" });
    await server.call("POST", "/v2/repository/index", "", { "x-api-key": "good" });
    assert.deepEqual(
      asked.map(([scope]) => scope),
      ["infer", "admin", "infer"],
    );
  });

  it("accounts requests to the client's address where nobody asks who it is", async () => {
    server = await RestServer.start({ m: MODEL });
    await server.infer("m", BODY);
    assert.equal(server.requests[0]!.client, "127.0.0.1");
  });
});

describe("tracing over REST", () => {
  it("begins with the client's context, and ends with the outcome", async () => {
    const events: unknown[] = [];
    const tracing: Tracing = {
      begin: (origin: RequestOrigin) => {
        const { startMs, ...rest } = origin;
        assert.equal(typeof startMs, "number");
        events.push(rest);
        return fakeTrace({
          stage: (stage, start, end) => events.push([stage, start <= end]),
          end: (outcome) => events.push(outcome),
        });
      },
      close: async () => undefined,
    };
    server = await RestServer.start({ m: MODEL }, { tracing });
    const headers = { "x-request-id": "r1", traceparent: "00-1-2-01", tracestate: "a=b" };
    await server.infer("m", BODY, headers);
    await server.infer("m", {}, headers);
    const origin = {
      transport: "rest",
      requestId: "r1",
      model: "m",
      version: undefined,
      traceparent: "00-1-2-01",
      tracestate: "a=b",
    };
    assert.deepEqual(events, [origin, ["parse", true], ["serialise", true], "OK", origin, "InvalidArgument"]);
    assert.deepEqual(server.counted, ["serialised", "succeeded", "InvalidArgument"]);
  });
});

describe("scheduling over REST", () => {
  it("hands on priority and deadline, which are echoed like other parameters", async () => {
    server = await RestServer.start({ m: MODEL });
    const parameters = { priority: 2, timeout: 5_000_000, other: "ü" };
    const before = performance.now();
    const { json } = await server.infer("m", { ...BODY, parameters });
    assert.deepEqual(json.parameters, parameters);
    const { priority, deadline, parameters: handed } = server.requests[0]!;
    assert.equal(priority, 2);
    assert.ok(deadline! >= before + 5000 && deadline! <= performance.now() + 5000);
    assert.deepEqual(handed, parameters);
  });

  it("says that the client has gone once its connection has ended", async () => {
    let finish: (() => void) | undefined;
    const waiting = new Promise<void>((resolve) => (finish = resolve));
    const asked = new Promise<void>((resolve) => {
      void RestServer.start({
        m: {
          ...MODEL,
          infer: async ({ inputs }) => {
            resolve();
            await waiting;
            return [...inputs];
          },
        },
      })
        .then((started) => (server = started))
        .then(() => {
          const abort = new AbortController();
          const url = `http://127.0.0.1:${server!.port}/v2/models/m/infer`;
          fetch(url, { method: "POST", body: JSON.stringify(BODY), signal: abort.signal }).catch(
            () => undefined,
          );
          void asked.then(() => abort.abort());
        });
    });
    await asked;
    const [request] = server!.requests;
    assert.equal(request!.cancelled, false);
    while (!request!.cancelled) await new Promise((resolve) => setImmediate(resolve));
    finish!();
  });
});
