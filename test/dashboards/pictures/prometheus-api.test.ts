import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { PrometheusApi } from "../../../dashboards/pictures/prometheus-api";

describe("PrometheusApi", () => {
  let server: Server;
  let asked: { url?: string; authorization?: string; body: string };
  let answer: [status: number, body: string];

  beforeEach(async () => {
    answer = [200, '{"status":"success","data":{"result":[{"metric":{"a":"b"},"value":[1,"2"]}]}}'];
    server = createServer(async (request, response) => {
      let body = "";
      for await (const part of request) body += String(part);
      asked = { url: request.url, authorization: request.headers.authorization, body };
      response.writeHead(answer[0]).end(answer[1]);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
  });

  afterEach(() => server.close());

  const at = (credentials = "") =>
    new PrometheusApi(`http://${credentials}127.0.0.1:${(server.address() as AddressInfo).port}`);

  it("sends the name and password of the address, and not within it", async () => {
    await at("slipway:p%40ss@").instant("up", 5);
    const expected = `Basic ${Buffer.from("slipway:p@ss").toString("base64")}`;
    assert.deepEqual(asked, { url: "/api/v1/query", authorization: expected, body: "query=up&time=5" });
  });

  it("asks without credentials where the address has none", async () => {
    assert.deepEqual(await at().range("up", { start: 1, end: 3, step: 2 }), [
      { metric: { a: "b" }, value: [1, "2"] },
    ]);
    assert.deepEqual(asked, {
      url: "/api/v1/query_range",
      authorization: undefined,
      body: "query=up&start=1&end=3&step=2",
    });
  });

  it("says what Prometheus finds wrong, and what else answers", async () => {
    answer = [400, '{"status":"error","error":"parse error"}'];
    await assert.rejects(at().instant("up("), { message: "parse error in up(" });
    answer = [401, "Unauthorized\n"];
    await assert.rejects(
      at().instant("up"),
      /^Error: Prometheus at 127\.0\.0\.1:\d+ answered 401: Unauthorized/,
    );
  });
});
