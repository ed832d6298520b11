import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import { createServer as createHttp2 } from "node:http2";
import type { AddressInfo } from "node:net";
import { AnswerCheck, messages, type Format } from "../../bench/load/answers";
import { grpcLoop, httpLoop, type LoopResult } from "../../bench/load/closed-loop";
import { encodeRequests } from "../../bench/load/requests";
import type { BenchModel } from "../../bench/models";
import type { Row } from "../../bench/rows";

const model: BenchModel = { name: "double", rowShape: [2], outputs: 2, bytes: Buffer.alloc(0) };
const rows: Row[] = [1, 2, 3].map((value) => ({
  input: Float32Array.of(value, 0.1),
  expected: Float32Array.of(2 * value, 0.2),
}));

/** A server that doubles the numbers of JSON requests; `spoil` changes its answers. */
async function doubling(spoil: (data: number[]) => number[], status = 200): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { inputs } = JSON.parse(Buffer.concat(chunks).toString()) as { inputs: { data: number[] }[] };
      const data = spoil(inputs[0]!.data.map((value) => 2 * value));
      const body = JSON.stringify({ outputs: [{ data }] });
      response.writeHead(status, { "content-length": body.length }).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

async function loaded(server: Server): Promise<LoopResult & { wrong: number }> {
  const check = new AnswerCheck("json", rows, true);
  const { port } = server.address() as AddressInfo;
  const requests = encodeRequests(model, "json", rows);
  const result = await httpLoop({ port, callers: 3, milliseconds: 60, requests, check });
  server.close();
  return { ...result, wrong: check.wrong };
}

describe("the benchmark's load", () => {
  it("counts what is answered, and takes its time", async () => {
    const { requests, failed, wrong, latencies, seconds } = await loaded(await doubling((data) => data));
    assert.ok(requests > 10, String(requests));
    assert.deepEqual([failed, wrong, latencies.length], [0, 0, requests]);
    assert.ok(seconds >= 0.06 && seconds < 5, String(seconds));
  });

  it("finds an answer that belongs to another row", async () => {
    let turn = 0;
    const mixing = await doubling((data) => (++turn % 10 === 0 ? [4, 0.2].map((value) => value + 2) : data));
    const { wrong, failed } = await loaded(mixing);
    assert.ok(wrong > 0);
    assert.equal(failed, 0);
  });

  it("counts an error as such, not as an answer", async () => {
    const { requests, failed, latencies } = await loaded(await doubling((data) => data, 503));
    assert.ok(requests > 0);
    assert.deepEqual([failed, latencies.length], [requests, 0]);
  });

  it("speaks gRPC", async () => {
    const types = messages();
    const server = createHttp2();
    server.on("stream", (stream) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const request = types
          .lookupType("inference.ModelInferRequest")
          .decode(Buffer.concat(chunks).subarray(5)) as unknown as {
          modelName: string;
          rawInputContents: Uint8Array[];
        };
        assert.equal(request.modelName, "double");
        const values = new Float32Array(Uint8Array.from(request.rawInputContents[0]!).buffer);
        const rawOutputContents = [Buffer.from(values.map((value) => 2 * value).buffer)];
        const message = types
          .lookupType("inference.ModelInferResponse")
          .encode({ rawOutputContents })
          .finish();
        const frame = Buffer.alloc(5);
        frame.writeUInt32BE(message.length, 1);
        stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
        stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
        stream.end(Buffer.concat([frame, message]));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const check = new AnswerCheck("grpc", rows, true);
    const { port } = server.address() as AddressInfo;
    const requests = encodeRequests(model, "grpc", rows);
    const result = await grpcLoop({ port, callers: 9, milliseconds: 60, requests, check });
    server.close();
    assert.ok(result.requests >= 9);
    assert.deepEqual([result.failed, check.wrong, check.firstWrong], [0, 0, undefined]);
  });

  it("understands the answers of all formats", () => {
    const data = Buffer.from(Float32Array.of(2, 0.2).buffer);
    const message = messages()
      .lookupType("inference.ModelInferResponse")
      .encode({ rawOutputContents: [data] })
      .finish();
    const head = Buffer.from("{}");
    const answers: [Format, Buffer, number?][] = [
      ["json", Buffer.from(`{"outputs":[{"data":[2,0.2]}]}`)],
      ["binary", Buffer.concat([head, data]), head.length],
      ["grpc", Buffer.concat([Buffer.alloc(5), message])],
    ];
    for (const [format, body, jsonLength] of answers) {
      const check = new AnswerCheck(format, rows, true);
      check.check(0, body, jsonLength);
      assert.equal(check.wrong, 0, format);
      check.check(1, body, jsonLength);
      assert.equal(check.wrong, 1, format);
    }
  });
});
