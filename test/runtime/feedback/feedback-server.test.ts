import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hashOfKey } from "../../../runtime/auth/api-keys";
import { identityModel } from "../../support/onnx-model";
import { codecOf, grpcClient, metadataOf, type GrpcClient } from "../support/grpc-client";
import { modelFolder } from "../support/model-folder";
import { RunningServer } from "../support/running-server";

const KEYS = { infer: "slw_infer", metrics: "slw_metrics" };
const asked = { "x-api-key": KEYS.infer };
const score = (value: number) => ({ inputs: [{ name: "x", datatype: "FP32", shape: [1], data: [value] }] });

const messageOf = (value: number) => ({
  model_name: "m",
  inputs: [{ name: "x", datatype: "FP32", shape: [1], contents: { fp32_contents: [value] } }],
});
const credentials = metadataOf({ "x-api-key": KEYS.infer });

/** Asks without an id of its own. @returns the one that the server's headers tell */
function inferOverGrpc({ raw }: GrpcClient, value: number): Promise<string> {
  const { path, encode, decode } = codecOf("inference.GRPCInferenceService", "ModelInfer");
  return new Promise((resolve, reject) => {
    const call = raw.makeUnaryRequest(path, encode, decode, messageOf(value), credentials, (error) => {
      if (error) reject(error);
    });
    call.on("metadata", (metadata) => resolve(String(metadata.get("x-request-id")[0])));
  });
}

/** A stream of requests. @returns its id, once for each answer */
async function streamOverGrpc({ raw }: GrpcClient, values: readonly number[]): Promise<string[]> {
  const { path, encode, decode } = codecOf("inference.GRPCInferenceService", "ModelStreamInfer");
  const call = raw.makeBidiStreamRequest(path, encode, decode, credentials);
  let id = "";
  call.on("metadata", (metadata) => (id = String(metadata.get("x-request-id")[0])));
  for (const value of values) call.write(messageOf(value));
  call.end();
  const ids: string[] = [];
  for await (const answer of call) if (answer) ids.push(id);
  return ids;
}

describe("a server that takes feedback", () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-feedback-"));
  let repository: string;
  let server: RunningServer;
  let grpc: GrpcClient;

  before(async () => {
    const feedback = { output: "y", task: "binary", segments: { country: {} } };
    repository = modelFolder({
      "m/1/model.onnx": identityModel("float32", ["n"]),
      "m/2/model.onnx": identityModel("float32", ["n"]),
      "m/model.json": JSON.stringify({ feedback }),
      "plain/1/model.onnx": identityModel("float32", ["n"]),
      "wrong/1/model.onnx": identityModel("float32", ["n"]),
      "wrong/model.json": JSON.stringify({ feedback: { ...feedback, output: "z" } }),
    });
    const lines = Object.entries(KEYS).map(([scope, key]) => `${scope} sha256:${hashOfKey(key)} ${scope}`);
    writeFileSync(join(folder, "keys"), `${lines.join("\n")}\n`);
    server = await RunningServer.start(repository, {
      apiKeysFile: join(folder, "keys"),
      metricsAuth: true,
      strictReadiness: false,
    });
    grpc = grpcClient(server.grpcAddress);
  });
  after(async () => {
    grpc.close();
    await server.close();
    rmSync(folder, { recursive: true });
  });

  const feedback = (body: unknown, path = "/v2/models/m/feedback", headers: Record<string, string> = asked) =>
    server.call("POST", path, body, headers);

  it("grades answers by the ids that it gave, over REST and gRPC, and tells how good each version is", async () => {
    const given = await server.call("POST", "/v2/models/m/versions/1/infer", score(0.9), asked);
    const named = await server.call("POST", "/v2/models/m/infer", score(0.2), {
      ...asked,
      "x-request-id": "mine-7",
    });
    assert.equal(named.headers.get("x-request-id"), "mine-7");
    const generated = await server.call("POST", "/v2/models/m/generate", { x: [0.7] }, asked);
    const viaGrpc = await inferOverGrpc(grpc, 0.8);
    const [first, second] = await streamOverGrpc(grpc, [0.6, 0.4]);

    const truths = [
      { requestId: given.headers.get("x-request-id"), truth: true, segment: { country: "DE" } },
      { requestId: "mine-7", truth: true },
      { requestId: generated.headers.get("x-request-id"), truth: 0 },
      { requestId: viaGrpc, truth: 1 },
      // The requests of a stream are told apart by their places behind its id.
      { requestId: first, truth: 0 },
      { requestId: `${second}/1`, truth: 0 },
    ];
    const { status, body, headers } = await feedback({ feedback: truths });
    assert.deepEqual([status, body], [200, { matched: 6, unmatched: 0, duplicate: 0 }]);
    assert.match(headers.get("x-request-id")!, /./);
    assert.deepEqual((await feedback(truths[1])).body, { matched: 0, unmatched: 0, duplicate: 1 });

    const metrics = await (
      await fetch(`http://127.0.0.1:${server.server.ports().metrics}/metrics`, {
        headers: { "x-api-key": KEYS.metrics },
      })
    ).text();
    for (const line of [
      'slipway_feedback_total{model="m",version="1",outcome="matched"} 1',
      'slipway_feedback_total{model="m",version="2",outcome="matched"} 5',
      'slipway_feedback_total{model="m",version="",outcome="duplicate"} 1',
      'slipway_feedback_waiting{model="m"} 0',
      'slipway_quality{model="m",version="1",segment="country=DE",metric="accuracy"} 1',
      'slipway_quality{model="m",version="2",segment="all",metric="recall"} 0.5',
      'slipway_quality_samples{model="m",version="2",segment="all"} 5',
      'slipway_quality_outcomes_total{model="m",version="2",segment="all",outcome="false_positive"} 2',
    ])
      assert.ok(
        metrics.includes(`${line}\n`),
        `${line} is not in\n${metrics.match(/^slipway_(quality|feedback).*/gm)?.join("\n")}`,
      );
  });

  it("shares feedback with another replica: by trying both, or by what was answered", async () => {
    const other = await RunningServer.start(repository, { strictReadiness: false });
    try {
      const answer = await server.call("POST", "/v2/models/m/infer", score(0.9), asked);
      const requestId = answer.headers.get("x-request-id")!;
      const unmatched = { matched: 0, unmatched: 1, duplicate: 0, unmatchedIds: [requestId] };
      const matched = { matched: 1, unmatched: 0, duplicate: 0 };
      const truth = { requestId, truth: true };
      assert.deepEqual((await other.call("POST", "/v2/models/m/feedback", truth)).body, unmatched);
      assert.deepEqual((await feedback(truth)).body, matched);
      const { model_version: version, outputs } = answer.body;
      const carried = { ...truth, requestId: `${requestId}-b`, prediction: outputs[0].data, version };
      assert.deepEqual((await other.call("POST", "/v2/models/m/feedback", carried)).body, matched);
      assert.match(
        await other.metrics(),
        /^slipway_quality_correct_total\{model="m",version="2",segment="all"\} 1$/m,
      );
    } finally {
      await other.close();
    }
  });

  it("asks who calls, as for inference", async () => {
    const body = { requestId: "a", truth: 1 };
    assert.equal((await feedback(body, undefined, {})).status, 401);
    assert.equal((await feedback(body, undefined, { "x-api-key": KEYS.metrics })).status, 403);
  });

  for (const [what, path, body, status, error] of [
    [
      "a model that takes none",
      "/v2/models/plain/feedback",
      { requestId: "a", truth: 1 },
      400,
      "Model `plain` takes no feedback; its `model.json` must have `feedback` for that.",
    ],
    [
      "a model that is none",
      "/v2/models/none/feedback",
      { requestId: "a", truth: 1 },
      404,
      "There is no model `none`.",
    ],
    [
      "a version that is none",
      "/v2/models/m/versions/9/feedback",
      { requestId: "a", truth: 1 },
      404,
      "Model `m` has no version `9`; it has 1, 2.",
    ],
    [
      "truth that fits no answer",
      "/v2/models/m/feedback",
      { requestId: "a", truth: "x" },
      400,
      '`truth` is "x", but must be true, false, 0 or 1.',
    ],
    ["no JSON", "/v2/models/m/feedback", "{", 400, "The request body is not valid JSON."],
  ] as const) {
    it(`refuses feedback on ${what}`, async () => {
      const answer = await feedback(body, path);
      assert.deepEqual([answer.status, answer.body.error], [status, error]);
    });
  }

  it("does not serve a model whose graded output it lacks", () => {
    const entry = server.server.models().find(({ name }) => name === "wrong");
    assert.deepEqual(
      [entry?.state, entry?.reason],
      ["UNAVAILABLE", "`feedback.output` in `model.json` names the output `z`, but model `wrong` gives `y`."],
    );
  });
});
