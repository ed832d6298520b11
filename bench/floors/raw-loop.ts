/**
 * What onnxruntime gives without any server: `node raw-loop.js MODEL MODEL.onnx` runs a model row by row on the main thread, one run
 * after the other, for as many milliseconds as `GET /?milliseconds=` says, and answers with a load generator's report. Nothing of HTTP
 * happens meanwhile. Prints its port.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { InferenceSession, Tensor } from "onnxruntime-node";
import type { LoadReport } from "../load/main";
import { MODELS, type ModelName } from "../models";
import { answers, rowsFor } from "../rows";

async function main([name, path]: string[]): Promise<void> {
  const { make, rows: count } = MODELS[name as ModelName];
  const model = make();
  const rows = await rowsFor(model, count);
  const session = await InferenceSession.create(path!, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: "sequential",
  });
  const feeds = rows.map(({ input }) => ({ x: new Tensor("float32", input, [1, ...model.rowShape]) }));
  let turn = 0;

  const runFor = async (milliseconds: number): Promise<LoadReport> => {
    const latencies: number[] = [];
    const startedAt = performance.now();
    let wrong = 0;
    for (let now = startedAt; now < startedAt + milliseconds;) {
      const row = turn++ % rows.length;
      const { y } = await session.run(feeds[row]!);
      if (!answers(rows[row]!, y!.data as Float32Array)) wrong++;
      const then = performance.now();
      latencies.push(then - now);
      now = then;
    }
    const seconds = (performance.now() - startedAt) / 1000;
    const sorted = latencies.sort((a, b) => a - b);
    const at = (quantile: number) => sorted[Math.floor((sorted.length - 1) * quantile)]!;
    return { requests: sorted.length, failed: 0, wrong, seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
  };

  const server = createServer((request, response) => {
    const milliseconds = Number(new URL(request.url!, "http://localhost").searchParams.get("milliseconds"));
    runFor(milliseconds).then(
      (report) => response.end(JSON.stringify(report)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(0, "127.0.0.1", () => console.log(`port ${(server.address() as AddressInfo).port}`));
}

void main(process.argv.slice(2));
