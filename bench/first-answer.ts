import { request } from "node:http";
import type { BenchModel } from "./models";
import type { ServerProcess } from "./server-process";

const RETRY_MS = 5;
const PATIENCE_MS = 30_000;

/** Seconds from the start of the server's process to its first good answer. */
export async function firstAnswer(server: ServerProcess, { name, rowShape }: BenchModel): Promise<number> {
  const size = rowShape.reduce((product, length) => product * length, 1);
  const input = { name: "x", datatype: "FP32", shape: [1, ...rowShape], data: Array(size).fill(0) };
  const body = JSON.stringify({ inputs: [input] });
  const path = `/v2/models/${name}/infer`;
  while (performance.now() - server.startedAt < PATIENCE_MS) {
    if ((await post(server.ports.http, path, body)) === 200)
      return (performance.now() - server.startedAt) / 1000;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
  throw new Error(`${server.name} gave no answer within ${PATIENCE_MS / 1000} s`);
}

function post(port: number, path: string, body: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const call = request({ port, host: "127.0.0.1", method: "POST", path }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(answer.statusCode));
    });
    call.on("error", () => resolve(undefined));
    call.end(body);
  });
}
