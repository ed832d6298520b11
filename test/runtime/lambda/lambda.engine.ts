import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { identityModel } from "../../support/onnx-model";
import { modelFolder } from "../support/model-folder";
import { TestRegistry } from "../support/test-registry";
import { FakeRuntimeApi, FunctionProcess } from "./fake-runtime-api";

const MODEL = identityModel("float32", ["n"]);
const INT64 = identityModel("int64", ["n"]);
const sha256Of = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

const BODY = JSON.stringify({ inputs: [{ name: "x", datatype: "FP32", shape: [2], data: [1, 2] }] });

const httpApi = (path: string, body?: string, more: object = {}) => ({
  version: "2.0",
  routeKey: "$default",
  rawPath: path,
  rawQueryString: "",
  headers: { "content-type": "application/json", host: "api.example.com" },
  requestContext: { stage: "$default", http: { method: body === undefined ? "GET" : "POST", path } },
  body,
  isBase64Encoded: false,
  ...more,
});

describe("slipway lambda", function () {
  this.timeout(60_000);
  const api = new FakeRuntimeApi();
  let lambda: FunctionProcess;

  before(async () => {
    await api.start();
    const repository = modelFolder({ "m/1/model.onnx": MODEL, "big/1/model.onnx": INT64 });
    lambda = new FunctionProcess(api, {
      SLIPWAY_MODEL_REPOSITORY: repository,
      SLIPWAY_METRICS_NAMESPACE: "Slipway",
    });
  });
  after(async () => {
    await lambda.stop();
    api.close();
  });

  it("answers an HTTP API's request with the model's outputs", async () => {
    const { kind, requestId, body } = await api.invoke(httpApi("/v2/models/m/infer", BODY));
    assert.deepEqual(
      [kind, requestId, body.statusCode, body.isBase64Encoded],
      ["response", "request-1", 200, false],
    );
    assert.equal(body.headers["content-type"], "application/json");
    // The client sent no ID: Lambda's is in the server's log and in the answer.
    assert.equal(body.headers["x-request-id"], "request-1");
    assert.deepEqual(JSON.parse(body.body).outputs[0].data, [1, 2]);
  });

  it("takes and gives tensors as bytes, in base64", async () => {
    const json = JSON.stringify({
      inputs: [{ name: "x", datatype: "FP32", shape: [2], parameters: { binary_data_size: 8 } }],
      parameters: { binary_data_output: true },
    });
    const tensor = Buffer.from(new Float32Array([1.5, -2]).buffer);
    const { body } = await api.invoke(
      httpApi("/v2/models/m/infer", Buffer.concat([Buffer.from(json), tensor]).toString("base64"), {
        isBase64Encoded: true,
        headers: {
          "content-type": "application/octet-stream",
          "inference-header-content-length": String(json.length),
        },
      }),
    );
    assert.deepEqual([body.statusCode, body.isBase64Encoded], [200, true]);
    const bytes = Buffer.from(body.body, "base64");
    const length = Number(body.headers["inference-header-content-length"]);
    assert.deepEqual(bytes.subarray(length), tensor);
  });

  it("compresses for clients that take it", async () => {
    const data = new Array(2000).fill(0);
    const body = JSON.stringify({ inputs: [{ name: "x", datatype: "FP32", shape: [2000], data }] });
    const event = httpApi("/v2/models/m/infer", body, { headers: { "accept-encoding": "gzip" } });
    const answer = (await api.invoke(event)).body;
    assert.deepEqual([answer.headers["content-encoding"], answer.isBase64Encoded], ["gzip", true]);
    const text = gunzipSync(Buffer.from(answer.body, "base64")).toString();
    assert.equal(JSON.parse(text).outputs[0].data.length, 2000);
  });

  it("answers a REST API's request below its stage, with its query, and keeps the client's request ID", async () => {
    const { body } = await api.invoke({
      resource: "/{proxy+}",
      path: "/prod/v2/models/m/versions/1/infer",
      httpMethod: "POST",
      headers: {},
      multiValueHeaders: { "X-Request-Id": ["mine"], "Content-Type": ["application/json"] },
      multiValueQueryStringParameters: { a: ["1", "2"] },
      requestContext: { stage: "prod" },
      body: BODY,
      isBase64Encoded: false,
    });
    assert.equal(body.statusCode, 200, body.body);
    assert.deepEqual(body.multiValueHeaders["x-request-id"], ["mine"]);
    assert.equal(body.headers, undefined);
  });

  it("answers a load balancer's request and health check in its form", async () => {
    const event = {
      requestContext: { elb: { targetGroupArn: "arn" } },
      httpMethod: "GET",
      path: "/v2/health/ready",
      queryStringParameters: {},
      headers: { "user-agent": "ELB-HealthChecker/2.0" },
      body: "",
      isBase64Encoded: false,
    };
    const { body } = await api.invoke(event);
    assert.deepEqual([body.statusCode, body.body], [200, '{"ready":true}']);
    assert.equal(body.headers["content-type"], "application/json");
  });

  it("hands the server's refusals on", async () => {
    const missing = await api.invoke(httpApi("/v2/models/none/infer", BODY));
    assert.equal(missing.body.statusCode, 404);
    const wrong = await api.invoke(httpApi("/v2/models/m/infer", "{"));
    assert.equal(wrong.body.statusCode, 400);
    assert.equal(typeof JSON.parse(wrong.body.body).error, "string");
  });

  it("serves no operation that would change what it serves", async () => {
    const { body } = await api.invoke(httpApi("/v2/repository/models/m/unload", "{}"));
    assert.equal(body.statusCode, 404);
  });

  it("takes a V2 request as it is, with every digit of its numbers", async () => {
    const inputs = '[{"name":"x","datatype":"INT64","shape":[1],"data":[9007199254740993]}]';
    const { kind, text } = await api.invoke(`{"model_name":"big","model_version":"1","inputs":${inputs}}`);
    assert.equal(kind, "response", text);
    assert.match(text, /"data":\[9007199254740993\]/);
  });

  it("fails a direct invocation with the server's sentence", async () => {
    for (const [event, errorType, sentence] of [
      [{ inputs: [] }, "Slipway.RequestRefused", "`model_name` must be given: the function serves big, m."],
      [
        { source: "aws.events" },
        "Slipway.RequestRefused",
        "The event must be a request of API Gateway or a load balancer, or a V2 inference request with `inputs`.",
      ],
      [
        {
          model_name: "m",
          inputs: [{ name: "x", datatype: "FP32", shape: [1], data: [1] }],
          parameters: { binary_data_output: true },
        },
        "Slipway.RequestRefused",
        "The answer has tensors as bytes (`binary_data`), which a direct invocation cannot carry; leave them as JSON.",
      ],
    ] as const) {
      const told = await api.invoke(event);
      assert.deepEqual(
        [told.kind, told.errorType, told.body.errorType, told.body.errorMessage],
        ["error", errorType, errorType, sentence],
      );
    }
    const unknown = await api.invoke({ model_name: "none", inputs: [] });
    assert.match(unknown.body.errorMessage, /none/);
  });

  it("says that an answer is larger than Lambda, or a load balancer, carries", async () => {
    const body = JSON.stringify({
      inputs: [{ name: "x", datatype: "FP32", shape: [700_000], data: new Array(700_000).fill(0.123456) }],
    });
    const large = await api.invoke(httpApi("/v2/models/m/infer", body));
    assert.equal(large.body.statusCode, 413);
    assert.match(
      JSON.parse(large.body.body).error,
      /^The answer takes \d{7} bytes on its way out of the function, which may have 6291456; ask for fewer outputs or fewer rows\.$/,
    );
    const direct = await api.invoke(body.replace("{", '{"model_name":"m",'));
    assert.deepEqual([direct.kind, direct.errorType], ["error", "Slipway.RequestRefused"]);
    assert.match(direct.body.errorMessage, /^The answer takes \d{7} bytes .* 6291456;/);
    const half = JSON.stringify({
      inputs: [{ name: "x", datatype: "FP32", shape: [200_000], data: new Array(200_000).fill(0.123456) }],
    });
    const balanced = await api.invoke({
      requestContext: { elb: {} },
      httpMethod: "POST",
      path: "/v2/models/m/infer",
      headers: { "content-type": "application/json" },
      body: half,
    });
    assert.match(JSON.parse(balanced.body.body).error, /may have 1048576;/);
  });

  it("tells Lambda where it takes no answer of that size after all", async () => {
    api.largest = 100;
    const told = await api.invoke(httpApi("/v2/models/m/infer", BODY));
    api.largest = Infinity;
    assert.equal(told.kind, "error");
    assert.match(told.body.errorMessage, /^The answer takes \d+ bytes, more than Lambda carries\.$/);
  });

  it("gives a request up before Lambda would end the process, and goes on", async () => {
    const { body } = await api.invoke(httpApi("/v2/models/m/infer", BODY), 0.1);
    assert.equal(body.statusCode, 504);
    assert.deepEqual(JSON.parse(body.body), {
      error:
        "The function's time was up before the request was answered; give it more (`timeout`), or a smaller request.",
    });
    assert.equal((await api.invoke(httpApi("/v2/models/m/infer", BODY))).body.statusCode, 200);
  });

  it("refuses headers that are none", async () => {
    const event = httpApi("/v2/models/m/infer", BODY, { headers: { "x-odd": "a\nb" } });
    const { body } = await api.invoke(event);
    assert.equal(body.statusCode, 400);
    assert.equal(JSON.parse(body.body).error, "The request's method, path or headers are not valid HTTP.");
  });

  it("writes metrics of requests that run a model, and of no others", async () => {
    await api.invoke(httpApi("/v2/models/m/infer", BODY));
    const lines = lambda.stdout
      .split("\n")
      .filter((line) => line.includes("_aws"))
      .map((line) => JSON.parse(line));
    const [first] = lines;
    assert.deepEqual(first._aws.CloudWatchMetrics[0].Namespace, "Slipway");
    assert.deepEqual(
      [first.FunctionName, first.Model, first.Requests, first.ServerErrors],
      ["ocr", "m", 1, 0],
    );
    assert.ok(first.RequestDuration > 0);
    assert.deepEqual([...new Set(lines.map(({ Model }) => Model))].sort(), ["big", "m"]);
    assert.ok(lines.some(({ ClientErrors }) => ClientErrors === 1));
    assert.ok(lines.some(({ ServerErrors, Status }) => ServerErrors === 1 && Status === 504));
  });
});

describe("the start of slipway lambda", function () {
  this.timeout(60_000);
  const api = new FakeRuntimeApi();
  const registry = new TestRegistry();
  before(async () => {
    await api.start();
    await registry.start();
  });
  after(() => {
    api.close();
    registry.close();
  });

  it("fetches and verifies models, and takes what is there when it is started anew", async () => {
    const repository = join(modelFolder({}), "models");
    const source = registry.push({ "3/model.onnx": MODEL as unknown as string });
    const environment = {
      SLIPWAY_MODEL_REPOSITORY: repository,
      SLIPWAY_MODELS: JSON.stringify([{ name: "ocr", version: "3", source, sha256: sha256Of(MODEL) }]),
      SLIPWAY_INSECURE_REGISTRIES: registry.host,
    };
    const first = new FunctionProcess(api, environment);
    const event = { inputs: [{ name: "x", datatype: "FP32", shape: [1], data: [7] }] };
    const told = await api.invoke(event);
    assert.deepEqual(
      [told.kind, told.body.model_name, told.body.outputs?.[0].data],
      ["response", "ocr", [7]],
    );
    await first.stop();
    const asked = registry.requests.length;
    assert.ok(asked > 0 && existsSync(join(repository, "ocr/3/model.onnx")));
    const second = new FunctionProcess(api, environment);
    assert.equal((await api.invoke(event)).kind, "response");
    assert.equal(registry.requests.length, asked);
    await second.stop();
  });

  for (const [what, environment, errorType, sentence] of [
    [
      "a model whose digest differs",
      () => ({
        SLIPWAY_MODEL_REPOSITORY: modelFolder({}),
        SLIPWAY_MODELS: JSON.stringify([
          {
            name: "ocr",
            version: "3",
            source: registry.push({ "3/model.onnx": MODEL as unknown as string }),
            sha256: "0".repeat(64),
          },
        ]),
        SLIPWAY_INSECURE_REGISTRIES: registry.host,
      }),
      "Slipway.PullFailure",
      `3/model.onnx has the SHA-256 ${sha256Of(MODEL)}, but \`--sha256\` says ${"0".repeat(64)}; nothing was installed.`,
    ],
    [
      "a model that is none",
      () => {
        const folder = modelFolder({ "good/1/model.onnx": MODEL });
        mkdirSync(join(folder, "bad/1"), { recursive: true });
        writeFileSync(join(folder, "bad/1/model.onnx"), "no model");
        return { SLIPWAY_MODEL_REPOSITORY: folder };
      },
      "Slipway.ModelUnavailable",
      "A model cannot be served: `bad` version 1: `model.onnx` is not an ONNX model.",
    ],
    [
      "options that are none",
      () => ({ SLIPWAY_MODELS: "[{}]" }),
      "Slipway.UsageError",
      "`--models` must be a JSON list of models, each with `name`, `version`, `source`, `sha256`: `name` of model 1 must be a text.",
    ],
  ] as const) {
    it(`tells Lambda of ${what}, and ends`, async () => {
      const lambda = new FunctionProcess(api, environment());
      const told = await api.next();
      assert.deepEqual(
        [told.kind, told.errorType, told.body.errorType, told.body.errorMessage],
        ["init", errorType, errorType, sentence],
      );
      assert.notEqual(await lambda.ended, 0);
      assert.equal(lambda.stderr, `${sentence}\n`);
    });
  }

  it("is refused outside of Lambda", async () => {
    const lambda = new FunctionProcess(api, { AWS_LAMBDA_RUNTIME_API: "" });
    assert.equal(await lambda.ended, 64);
    assert.equal(
      lambda.stderr,
      "AWS_LAMBDA_RUNTIME_API must be set, as it is inside AWS Lambda; `slipway serve` serves elsewhere.\n",
    );
  });
});
