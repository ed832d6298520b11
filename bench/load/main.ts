/** The load generator: a process on a core of its own that runs the closed loops that its parent orders. */
import { MODELS, type ModelName } from "../models";
import { rowsFor, type Row } from "../rows";
import { AnswerCheck, type Format } from "./answers";
import { grpcLoop, httpLoop } from "./closed-loop";
import { encodeRequests } from "./requests";

export interface LoadOrder {
  readonly model: ModelName;
  readonly format: Format;
  readonly port: number;
  /** Requests in flight at a time. */
  readonly concurrency: number;
  readonly milliseconds: number;
  /** Whether answers are compared with onnxruntime's. */
  readonly check: boolean;
}

export interface LoadReport {
  readonly requests: number;
  readonly failed: number;
  readonly wrong: number;
  /** The start of the first wrong answer. */
  readonly firstWrong?: string;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const prepared = new Map<string, Promise<{ rows: Row[]; requests: Buffer[] }>>();

function prepare({ model, format }: LoadOrder) {
  const key = `${model} ${format}`;
  let found = prepared.get(key);
  if (!found) {
    const made = MODELS[model].make();
    found = rowsFor(made, MODELS[model].rows).then((rows) => ({
      rows,
      requests: encodeRequests(made, format, rows),
    }));
    prepared.set(key, found);
  }
  return found;
}

async function run(order: LoadOrder): Promise<LoadReport> {
  const { rows, requests } = await prepare(order);
  const check = new AnswerCheck(order.format, rows, order.check);
  const { port, concurrency: callers, milliseconds } = order;
  const loop = order.format === "grpc" ? grpcLoop : httpLoop;
  const { latencies, ...result } = await loop({ port, callers, milliseconds, requests, check });
  const sorted = Float64Array.from(latencies).sort();
  const at = (quantile: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? 0;
  const { wrong, firstWrong } = check;
  return { ...result, wrong, firstWrong, p50Ms: at(0.5), p99Ms: at(0.99) };
}

process.on("message", (order: LoadOrder) => {
  run(order).then(
    (report) => process.send!({ report }),
    (error: unknown) => process.send!({ error: String(error) }),
  );
});
process.on("disconnect", () => process.exit());
