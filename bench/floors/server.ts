/**
 * The least that a server in Node can do, to measure against: `node -r tsx/cjs bench/floors/server.ts MODE MODEL.onnx`.
 * `http` reads the body and answers a constant; `ort` parses the protocol and runs each request alone on the main thread.
 * Neither checks, queues, measures or limits anything. Prints its port.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { InferenceSession, Tensor } from "onnxruntime-node";

const JSON_LENGTH = "inference-header-content-length";

interface Output {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

type Run = (body: Buffer, jsonLength: number | undefined) => Output | Promise<Output>;

function answer(response: ServerResponse, binary: boolean, { shape, data }: Output): void {
  const y = { name: "y", datatype: "FP32", shape };
  if (!binary) {
    const body = JSON.stringify({ model_name: "floor", outputs: [{ ...y, data: Array.from(data) }] });
    response.writeHead(200, {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    });
    response.end(body);
    return;
  }
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const outputs = [{ ...y, parameters: { binary_data_size: bytes.length } }];
  const head = Buffer.from(JSON.stringify({ model_name: "floor", outputs }));
  response.writeHead(200, {
    "content-type": "application/octet-stream",
    [JSON_LENGTH]: head.length,
    "content-length": head.length + bytes.length,
  });
  response.end(Buffer.concat([head, bytes]));
}

async function runner(mode: string, path: string): Promise<Run> {
  if (mode === "http") {
    const constant = { shape: [1, 10], data: new Float32Array(10) };
    return () => constant;
  }
  const ort = await import("onnxruntime-node");
  const session: InferenceSession = await ort.InferenceSession.create(path, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: "sequential",
  });
  return async (body, jsonLength) => {
    const { inputs } = JSON.parse(body.toString("utf8", 0, jsonLength)) as {
      inputs: { shape: number[]; data: number[] }[];
    };
    const { shape, data } = inputs[0]!;
    const values =
      jsonLength === undefined
        ? Float32Array.from(data)
        : new Float32Array(body.buffer.slice(body.byteOffset + jsonLength, body.byteOffset + body.length));
    const { y } = await session.run({ x: new ort.Tensor("float32", values, shape) as Tensor });
    return { shape: y!.dims, data: y!.data as Float32Array };
  };
}

async function main([mode, path]: string[]): Promise<void> {
  const run = await runner(mode!, path!);
  const handle = async (request: IncomingMessage, response: ServerResponse, body: Buffer) => {
    const header = request.headers[JSON_LENGTH];
    const jsonLength = header === undefined ? undefined : Number(header);
    answer(response, jsonLength !== undefined, await run(body, jsonLength));
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
      handle(request, response, body).catch((error: unknown) => response.writeHead(500).end(String(error)));
    });
  });
  server.listen(0, "127.0.0.1", () => console.log(`port ${(server.address() as AddressInfo).port}`));
}

void main(process.argv.slice(2));
