import assert from "node:assert/strict";
import { connect as connectHttp2, constants, type ClientHttp2Session } from "node:http2";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { status } from "@grpc/grpc-js";
import fc from "fast-check";
import { messages } from "../../bench/load/answers";
import { echoModels } from "../clients/support/echo-models";
import { Serving } from "../clients/support/serving";
import { modelFolder } from "../runtime/support/model-folder";
import { mutated } from "./mutations";

/** Seconds for each of the two transports; `SLIPWAY_FUZZ_SECONDS=600` makes a night of it. */
const SECONDS = Number(process.env.SLIPWAY_FUZZ_SECONDS ?? 4);

const LIMIT = { interruptAfterTimeLimit: SECONDS * 1000, numRuns: 1_000_000, markInterruptAsFailure: false };

const row = Buffer.from(Float32Array.of(1, 2, 3, 4).buffer);
const input = { name: "x", datatype: "FP32", shape: [1, 4] };

function post(path: string, body: Buffer | string, headers = ""): Buffer {
  const content = Buffer.from(body as string);
  const head = `POST ${path} HTTP/1.1\r\nHost: fuzz\r\nConnection: close\r\n${headers}Content-Length: ${content.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), content]);
}

const json = JSON.stringify({
  id: "7",
  inputs: [{ ...input, data: [1, 2.5, -3, 4e-3] }],
  outputs: [{ name: "y" }],
});
const binaryHead = JSON.stringify({
  inputs: [{ ...input, parameters: { binary_data_size: 16 } }],
  parameters: { binary_data_output: true },
});
const texts = JSON.stringify({ inputs: [{ ...input, datatype: "BYTES", data: ["a", "ż", "", "🚢"] }] });
const longs = `{"inputs":[{"name":"x","datatype":"INT64","shape":[1,4],"data":[1,-2,9007199254740993,4]}]}`;
const jsonLength = (length: number) => `Inference-Header-Content-Length: ${length}\r\n`;

const REQUESTS = [
  post("/v2/models/echo-fp32/infer", json),
  post("/v2/models/echo-fp32/versions/1/infer", json),
  post("/v2/models/echo-bytes/infer", texts),
  post("/v2/models/echo-int64/infer", longs),
  post(
    "/v2/models/echo-fp32/infer",
    Buffer.concat([Buffer.from(binaryHead), row]),
    jsonLength(binaryHead.length),
  ),
  post("/v2/models/echo-fp32/infer", row, jsonLength(0)),
  post("/v2/models/echo-fp32/infer", gzipSync(json), "Content-Encoding: gzip\r\nAccept-Encoding: gzip\r\n"),
  post("/v2/repository/index", `{"ready":true}`),
  post("/v2/repository/models/add/unload", `{"parameters":{"unload_dependents":true}}`),
  Buffer.from("GET /v2/models/echo-fp32/config HTTP/1.1\r\nHost: fuzz\r\nConnection: close\r\n\r\n"),
  Buffer.from("GET /v2/models/stats HTTP/1.1\r\nHost: fuzz\r\nConnection: close\r\n\r\n"),
];

function grpcMessages(): Buffer[] {
  const type = messages().lookupType("inference.ModelInferRequest");
  const encode = (request: object) => Buffer.from(type.encode(request).finish());
  return [
    encode({ modelName: "echo-fp32", id: "7", inputs: [input], rawInputContents: [row] }),
    encode({
      modelName: "echo-int64",
      modelVersion: "1",
      inputs: [{ ...input, datatype: "INT64", contents: { int64Contents: [1, -2, 3, 4] } }],
      outputs: [{ name: "y" }],
      parameters: { priority: { int64Param: 1 } },
    }),
    encode({
      modelName: "echo-bytes",
      inputs: [
        { ...input, datatype: "BYTES", contents: { bytesContents: [Buffer.from("a"), row, row, row] } },
      ],
    }),
  ];
}

/** How long a server that got less than a whole request is waited for. A whole one is answered at once. */
const PATIENCE_MS = 30;

/** Sends bytes and gives all that comes back until the server closes, or is told that nothing more will come. */
function exchange(port: number, bytes: Buffer, patienceMs = PATIENCE_MS): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    const patience = setTimeout(() => socket.end(), patienceMs);
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    // A reset is an answer as well: the server wants no more.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(patience);
      resolve(Buffer.concat(chunks).toString("latin1"));
    });
  });
}

function call(session: ClientHttp2Session, message: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const stream = session.request({
      [constants.HTTP2_HEADER_METHOD]: "POST",
      [constants.HTTP2_HEADER_PATH]: "/inference.GRPCInferenceService/ModelInfer",
      [constants.HTTP2_HEADER_CONTENT_TYPE]: "application/grpc",
      te: "trailers",
    });
    let code: unknown;
    const read = (headers: { readonly [name: string]: unknown }) => (code = headers["grpc-status"] ?? code);
    stream.on("response", read);
    stream.on("trailers", read);
    stream.on("error", reject);
    stream.on("close", () => resolve(Number(code)));
    stream.resume();
    const frame = Buffer.alloc(5);
    frame.writeUInt32BE(message.length, 1);
    stream.end(Buffer.concat([frame, message]));
  });
}

describe("a server that is sent mutilated requests", function () {
  this.timeout((SECONDS + 60) * 1000);
  let serving: Serving;
  before(async () => {
    serving = await Serving.start(modelFolder(echoModels()), "--max-body-bytes", String(1 << 20));
  });
  after(() => serving?.stop());
  afterEach("still answers sound ones", async () => {
    assert.ok(serving.running);
    const answer = await exchange(serving.ports.http, post("/v2/models/echo-fp32/infer", json), 10_000);
    assert.match(answer, /^HTTP\/1\.1 200 /);
    assert.match(answer, /"data":\[1,2\.5,-3,0\.004\]/);
  });

  it("never blames itself over HTTP", async () => {
    await fc.assert(
      fc.asyncProperty(mutated(REQUESTS), async (bytes) => {
        const answer = await exchange(serving.ports.http, bytes);
        assert.doesNotMatch(answer, /^HTTP\/1\.1 5/);
      }),
      LIMIT,
    );
  });

  it("never blames itself over gRPC", async () => {
    const session = connectHttp2(`http://127.0.0.1:${serving.ports.grpc}`);
    const faults: number[] = [status.UNKNOWN, status.INTERNAL, status.DATA_LOSS];
    try {
      await fc.assert(
        fc.asyncProperty(mutated(grpcMessages()), async (message) => {
          const code = await call(session, message);
          assert.ok(!faults.includes(code), `${status[code]}`);
        }),
        LIMIT,
      );
    } finally {
      session.close();
    }
  });
});
