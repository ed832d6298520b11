import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { prometheusReader } from "../../../rollout/gates/prometheus-reader";

describe("prometheusReader", () => {
  let server: Server;
  let answer: { status: number; body: string } | "hang";
  let asked: { url: string; body: string; headers: IncomingMessage["headers"] };

  before(async () => {
    server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        asked = { url: request.url!, body, headers: request.headers };
        if (answer !== "hang") response.writeHead(answer.status).end(answer.body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/prometheus/`;
  const read = (body: unknown, status = 200) => {
    answer = { status, body: typeof body === "string" ? body : JSON.stringify(body) };
    return prometheusReader({ url: url(), headers: { authorization: "Bearer t" } }).read("sum(x) + 1");
  };
  const success = (resultType: string, result: unknown) => ({
    status: "success",
    data: { resultType, result },
  });

  it("asks the API below the address, with the query in the body", async () => {
    assert.deepEqual(await read(success("scalar", [1, "2"])), { number: 2 });
    assert.equal(asked.url, "/prometheus/api/v1/query");
    assert.equal(new URLSearchParams(asked.body).get("query"), "sum(x) + 1");
    assert.equal(asked.headers.authorization, "Bearer t");
    assert.equal(asked.headers["content-type"], "application/x-www-form-urlencoded;charset=UTF-8");
  });

  const one = (value: unknown) => success("vector", [{ metric: {}, value: [1, value] }]);
  const answers: [name: string, body: unknown, reading: unknown, status?: number][] = [
    ["the number of a vector's only series", one("0.25"), { number: 0.25 }],
    ["a number in exponent form", one("1e-05"), { number: 0.00001 }],
    ["zero", one("0"), { number: 0 }],
    ["nothing where there is no series", success("vector", []), { nothing: "Prometheus has no data for it" }],
    [
      "nothing where there are several series",
      success("vector", [{ value: [1, "1"] }, { value: [1, "1"] }]),
      { nothing: "the query gives 2 series instead of one" },
    ],
    ["nothing for NaN", one("NaN"), { nothing: "there is nothing to compute it from (NaN)" }],
    ["nothing for what is infinite", one("+Inf"), { nothing: "it is infinite (+Inf)" }],
    [
      "nothing for what is minus infinite",
      success("scalar", [1, "-Inf"]),
      { nothing: "it is infinite (-Inf)" },
    ],
    ["nothing for a value that is no text", one(3), { nothing: "the query gives no plain number" }],
    ["nothing for an empty value", one(""), { nothing: "the query gives no plain number" }],
    [
      "nothing for a histogram",
      success("vector", [{ metric: {}, histogram: [1, { count: "1" }] }]),
      { nothing: "the query gives no plain number" },
    ],
    [
      "nothing for a matrix",
      success("matrix", []),
      { nothing: "the query gives a matrix instead of one number" },
    ],
    [
      "why Prometheus refused",
      { status: "error", errorType: "bad_data", error: "parse error:\n unexpected end." },
      { nothing: "Prometheus refused the query (bad_data): parse error: unexpected end" },
      400,
    ],
    ["a gateway's page", "<html>", { nothing: "Prometheus answered with status 502 and no JSON" }, 502],
    ["JSON of somebody else", "null", { nothing: "Prometheus answered with status 200" }],
    ["an error without words", { ok: false }, { nothing: "Prometheus answered with status 503" }, 503],
  ];
  for (const [name, body, reading, status] of answers) {
    it(`reads ${name}`, async () => assert.deepEqual(await read(body, status), reading));
  }

  it("does not wait longer than it may", async () => {
    answer = "hang";
    assert.deepEqual(await prometheusReader({ url: url(), timeoutMs: 50 }).read("x"), {
      nothing: "Prometheus did not answer within 0.05 s",
    });
  });

  it("says that nobody is there", async () => {
    // Port 1 is nobody's.
    const reading = await prometheusReader({ url: "http://127.0.0.1:1" }).read("x");
    assert.match((reading as { nothing: string }).nothing, /^Prometheus cannot be reached: .+/);
  });
});
