import assert from "node:assert/strict";
import { metricLine, modelOf } from "../../../runtime/lambda/emf";
import { httpEvent, type HttpAnswer } from "../../../runtime/lambda/events";
import { answerInvocation } from "../../../runtime/lambda/invocation";
import { parseLambdaOptions } from "../../../runtime/lambda/lambda-options";

const answer = (body: string | Buffer, headers: Record<string, string>): HttpAnswer => ({
  status: 200,
  headers,
  body: Buffer.from(body),
});

describe("httpEvent", () => {
  const http = { method: "POST" };

  it("reads payload format 2.0, without what belongs to the connection", () => {
    const event = httpEvent({
      version: "2.0",
      rawPath: "/v2/models/m/infer",
      rawQueryString: "a=1&b=%20",
      headers: { "Content-Type": "application/json", connection: "close", "Content-Length": "3", host: "x" },
      requestContext: { http, stage: "$default" },
      body: "e30=",
      isBase64Encoded: true,
    })!;
    assert.deepEqual(event.request, {
      method: "POST",
      url: "/v2/models/m/infer?a=1&b=%20",
      headers: { "content-type": "application/json" },
      body: Buffer.from("{}"),
    });
    assert.deepEqual(event.wrap(answer("{}", { "content-type": "application/json", connection: "close" })), {
      statusCode: 200,
      headers: { "content-type": "application/json" },
      body: "{}",
      isBase64Encoded: false,
    });
  });

  for (const [path, stage, expected] of [
    ["/prod/v2/health/live", "prod", "/v2/health/live"],
    ["/v2/health/live", "prod", "/v2/health/live"],
    ["/v2/v2/health/live", "v2", "/v2/health/live"],
    ["/v2/health/live", "v2", "/v2/health/live"],
    ["/product/v2", "prod", "/product/v2"],
    ["/prod/v2x", "prod", "/prod/v2x"],
    ["/prod/v2", "prod", "/v2"],
  ] as const) {
    it(`takes ${path} of stage ${stage} for ${expected}`, () => {
      const two = { version: "2.0", rawPath: path, requestContext: { http, stage } };
      const one = { httpMethod: "GET", path, requestContext: { stage } };
      assert.deepEqual([httpEvent(two)!.request.url, httpEvent(one)!.request.url], [expected, expected]);
    });
  }

  it("encodes a REST API's query again, and leaves a load balancer's as it is", () => {
    const request = { httpMethod: "GET", path: "/v2", queryStringParameters: { a: "x y%" } };
    assert.equal(httpEvent({ ...request, requestContext: { stage: "s" } })!.request.url, "/v2?a=x%20y%25");
    const balanced = { ...request, queryStringParameters: { a: "x%20y" }, requestContext: { elb: {} } };
    assert.equal(httpEvent(balanced)!.request.url, "/v2?a=x%20y");
  });

  it("answers a load balancer with several values a header where it asked so", () => {
    const event = { httpMethod: "GET", path: "/v2", requestContext: { elb: {} } };
    const sent = answer("x", { "content-type": "text/plain" });
    assert.deepEqual(httpEvent(event)!.wrap(sent), {
      statusCode: 200,
      headers: { "content-type": "text/plain" },
      body: "x",
      isBase64Encoded: false,
    });
    const several = httpEvent({ ...event, multiValueHeaders: { a: ["1", "2"] } })!;
    assert.deepEqual(several.request.headers, { a: ["1", "2"] });
    assert.deepEqual((several.wrap(sent) as { multiValueHeaders: object }).multiValueHeaders, {
      "content-type": ["text/plain"],
    });
  });

  it("is undefined for other events", () => {
    for (const event of [
      undefined,
      null,
      1,
      [],
      {},
      { inputs: [] },
      { requestContext: {} },
      { httpMethod: "GET" },
    ]) {
      assert.equal(httpEvent(event), undefined);
    }
  });
});

describe("answerInvocation", () => {
  const server = (handle: (signal: AbortSignal) => Promise<HttpAnswer>) => ({
    models: () => ["m"],
    handle: (_request: object, signal: AbortSignal) => handle(signal),
  });
  const payload = Buffer.from('{"inputs":[]}');

  it("takes the signal away from a request that is not over in time", async () => {
    const waits = server(
      (signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
    );
    const outcome = await answerInvocation(waits, { requestId: "r", deadline: Date.now() + 300, payload });
    assert.ok("failure" in outcome);
    assert.equal(outcome.failure.errorType, "Slipway.RequestFailed");
    assert.match(outcome.failure.errorMessage, /^The function's time was up /);
  });

  it("does not tell what broke inside", async () => {
    const breaks = server(() => Promise.reject(new Error("secret")));
    const outcome = await answerInvocation(breaks, { requestId: "r", deadline: NaN, payload });
    assert.ok("failure" in outcome && !outcome.failure.errorMessage.includes("secret"));
  });
});

describe("modelOf", () => {
  it("names only models that are served, and only where they run", () => {
    for (const [url, expected] of [
      ["/v2/models/m/infer", "m"],
      ["/v2/models/m/versions/3/generate?x=1", "m"],
      ["/v2/models/m/generate_stream", "m"],
      ["/v2/models/m", undefined],
      ["/v2/models/m/ready", undefined],
      ["/v2/models/made-up/infer", undefined],
      ["/v2/health/live", undefined],
    ] as const) {
      assert.equal(modelOf(url, ["m", "n"]), expected, url);
    }
  });

  it("is the dimension of a line that CloudWatch understands", () => {
    const line = JSON.parse(metricLine("S", "f", { model: "m", status: 503, milliseconds: 1.23456 }, 17));
    const [{ Dimensions, Metrics }] = line._aws.CloudWatchMetrics;
    for (const name of [...Dimensions[0], ...Metrics.map(({ Name }: { Name: string }) => Name)]) {
      assert.ok(name in line, name);
    }
    assert.deepEqual(
      [line._aws.Timestamp, line.Requests, line.ClientErrors, line.ServerErrors, line.RequestDuration],
      [17, 1, 0, 1, 1.235],
    );
  });
});

describe("parseLambdaOptions", () => {
  it("takes the server's options that mean something here", () => {
    const options = parseLambdaOptions([], { SLIPWAY_INTRA_OP_THREADS: "2", SLIPWAY_HTTP_PORT: "x" });
    assert.equal(options.server.intraOpThreads, 2);
    assert.deepEqual([options.modelRepository, options.models], ["/tmp/models", []]);
    assert.equal(options.server.batching, "off");
    assert.equal(parseLambdaOptions(["--batching", "auto"], {}).server.batching, "auto");
  });

  it("refuses those that do not", () => {
    assert.throws(() => parseLambdaOptions(["--http-port", "1"], {}), {
      message: "Unknown option `--http-port`; `slipway lambda --help` lists those there are.",
    });
  });
});
