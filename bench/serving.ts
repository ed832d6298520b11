import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { Pool } from "undici";
import { createServer } from "../runtime";
import { layOutRepository, packModels, type PackedModel } from "../toolchain/models";
import { silent } from "../toolchain/progress";
import type { Figure } from "./main";

const CONCURRENCY = 16;
const ROUND_MS = 1_500;
/** The server and what it is measured against take turns, so that a slow moment hits both. */
const ROUNDS = 3;
const SAMPLES = 512;

function requestBody(): string {
  const zeros = (count: number) => Array<number>(count).fill(0);
  return JSON.stringify({
    inputs: [
      { name: "input", datatype: "FP32", shape: [1, SAMPLES], data: zeros(SAMPLES) },
      { name: "state", datatype: "FP32", shape: [2, 1, 128], data: zeros(256) },
      { name: "sr", datatype: "INT64", shape: [], data: [16000] },
    ],
  });
}

/** Calls per second of `call`, `concurrency` at a time. */
async function rate(concurrency: number, call: () => Promise<void>): Promise<number> {
  const until = performance.now() + ROUND_MS;
  let calls = 0;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (performance.now() < until) {
        await call();
        calls++;
      }
    }),
  );
  return (calls * 1000) / (performance.now() - startedAt);
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** The server over REST with JSON against onnxruntime in a loop on this thread, on Silero VAD. */
export async function benchServing(): Promise<Figure[]> {
  const dir = mkdtempSync(join(tmpdir(), "slipway-bench-"));
  const models = (await packModels(silent)).filter(({ name }) => name === "silero-vad");
  await layOutRepository(models, dir);
  const server = createServer({
    modelRepository: dir,
    host: "127.0.0.1",
    httpPort: 0,
    grpcPort: 0,
    metricsPort: 0,
  });
  await server.start();
  const pool = new Pool(`http://127.0.0.1:${server.ports().http}`, { connections: CONCURRENCY });
  try {
    return await measure(pool, models[0]!);
  } finally {
    await pool.close();
    await server.close();
    rmSync(dir, { recursive: true });
  }
}

async function measure(pool: Pool, model: PackedModel): Promise<Figure[]> {
  const direct = await directCall(model.path);
  const expected = await direct();
  const body = requestBody();
  const throughServer = async () => {
    const answer = await pool.request({ path: "/v2/models/silero-vad/infer", method: "POST", body });
    const { outputs } = (await answer.body.json()) as { outputs: { name: string; data: number[] }[] };
    const got = outputs.find(({ name }) => name === "output")!.data[0]!;
    assert.ok(Math.abs(got - expected) < 1e-5, `the server answers ${got}, onnxruntime ${expected}`);
  };
  const server: number[] = [];
  const loop: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    server.push(await rate(CONCURRENCY, throughServer));
    loop.push(await rate(1, async () => void (await direct())));
  }
  const reference = { name: "onnxruntime loop", value: median(loop), ratio: median(server) / median(loop) };
  return [
    {
      benchmark: "serving",
      measure: `silero-vad, REST JSON, ${CONCURRENCY} at a time`,
      value: median(server),
      unit: "requests/s",
      reference,
    },
  ];
}

async function directCall(path: string): Promise<() => Promise<number>> {
  const session = await InferenceSession.create(path, { logSeverityLevel: 3, intraOpNumThreads: 1 });
  const feeds = {
    input: new Tensor("float32", new Float32Array(SAMPLES), [1, SAMPLES]),
    state: new Tensor("float32", new Float32Array(256), [2, 1, 128]),
    sr: new Tensor("int64", BigInt64Array.of(16000n), []),
  };
  return async () => ((await session.run(feeds)).output!.data as Float32Array)[0]!;
}
