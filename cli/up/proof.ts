import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { messageOf, SlipwayError } from "../../toolchain/errors";
import type { PackedModel } from "../../toolchain/models";
import { projectRoot } from "../../toolchain/paths";
import type { Task } from "../../toolchain/progress";
import { GatewayClient, inferPath, type GatewayAnswer } from "../gateway-client";
import type { LocalSession } from "../local-session";
import { mintToken } from "../tokens";
import { randomInputs, type V2Tensor } from "./proof-inputs";

/** The gateway has this long to take up the routes of a new stack. */
const REACHABLE_WITHIN_MS = 120_000;
/** One try of them: a connection to a proxy that has gone would be waited for without an end. */
const TRY_MS = 10_000;
/** Largest difference allowed between the gateway's numbers and onnxruntime's own. */
export const TOLERANCE = 1e-5;

interface Output {
  name: string;
  shape: number[];
  data: number[];
}

/** What was shown for one model. */
export interface Proof {
  model: string;
  version: string;
  /** Largest absolute difference over all outputs. */
  maxDifference: number;
  /** Round trip through the gateway in milliseconds. */
  latencyMs: number;
}

/**
 * Proves the running stack: random inputs drawn now give through the gateway, with a token, what onnxruntime gives
 * directly in another process, and without a token nothing but 401. Throws one sentence where that does not hold.
 */
export async function prove(session: LocalSession, models: PackedModel[], task: Task): Promise<Proof[]> {
  const client = new GatewayClient(session);
  try {
    const token = await mintToken(session, { subject: "slipway-up", scopes: ["infer"], ttl: "10m" });
    const proofs: Proof[] = [];
    for (const model of models) {
      const inputs = randomInputs(model.name);
      if (!inputs || !isServed(model, session)) continue;
      task.update(`${model.name} version ${model.version}`);
      proofs.push(await proveModel(client, token, model, inputs, task));
    }
    if (proofs.length === 0)
      throw new SlipwayError("no model of the stack could be proven: none has a known input");
    return proofs;
  } finally {
    await client.close();
  }
}

/** The project has more models than a stack need serve. */
function isServed({ name, version }: PackedModel, { models }: LocalSession): boolean {
  return models.some((model) => model.name === name && model.versions.includes(String(version)));
}

async function proveModel(
  client: GatewayClient,
  token: string,
  model: PackedModel,
  inputs: V2Tensor[],
  task: Task,
): Promise<Proof> {
  const body = JSON.stringify({ inputs });
  const path = inferPath(model.name, String(model.version));
  await untilAnswered(client, path, body, token, task);
  const anonymous = await client.call(path, { body });
  if (anonymous.status !== 401) {
    throw new SlipwayError(`${path} answers ${anonymous.status} without a token; it must answer 401`);
  }
  const startedAt = performance.now();
  const answer = await client.call(path, { token, body });
  const latencyMs = performance.now() - startedAt;
  if (answer.status !== 200) throw new SlipwayError(`${path} answers ${answer.status}: ${answer.text}`);
  const { outputs } = JSON.parse(answer.text) as { outputs: Output[] };
  const expected = await runDirectly(model.path, body);
  return {
    model: model.name,
    version: String(model.version),
    maxDifference: compare(model.name, outputs, expected),
    latencyMs,
  };
}

/** A gateway takes a moment to learn new routes and endpoints: wait until it answers as itself. */
async function untilAnswered(
  client: GatewayClient,
  path: string,
  body: string,
  token: string,
  task: Task,
): Promise<void> {
  const deadline = Date.now() + REACHABLE_WITHIN_MS;
  let last = "nothing";
  for (;;) {
    try {
      const answer: GatewayAnswer = await client.call(path, { token, body, timeoutMs: TRY_MS });
      if (answer.status === 200) return;
      last = `HTTP ${answer.status}${answer.text ? ` ${answer.text.slice(0, 200)}` : ""}`;
    } catch (error) {
      last = messageOf(error);
    }
    if (Date.now() > deadline) {
      throw new SlipwayError(
        `${path} did not answer 200 within ${REACHABLE_WITHIN_MS / 1000} s; last came: ${last}`,
      );
    }
    task.update(`waiting for ${path}, last came: ${last}`);
    await sleep(500);
  }
}

export function runDirectly(modelPath: string, body: string): Promise<Output[]> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      ["-r", "tsx/cjs", join(__dirname, "direct-session.ts"), modelPath],
      { cwd: projectRoot, env: { ...process.env, ORT_DISABLE_TELEMETRY: "1" }, maxBuffer: 256 * 1024 * 1024 },
      (error, stdout, stderr) => {
        if (error)
          reject(new SlipwayError(`onnxruntime refused ${modelPath}: ${stderr.trim() || error.message}`));
        else resolve(JSON.parse(stdout) as Output[]);
      },
    );
    child.stdin!.end(body);
  });
}

/** The largest absolute difference; throws where it is too large relative to the expected value, or not a number. */
export function compare(model: string, actual: Output[], expected: Output[]): number {
  let max = 0;
  for (const want of expected) {
    const got = actual.find((output) => output.name === want.name);
    if (!got) throw new SlipwayError(`${model}: the gateway's answer lacks output \`${want.name}\``);
    if (got.shape.join() !== want.shape.join() || got.data.length !== want.data.length) {
      throw new SlipwayError(
        `${model}: output \`${want.name}\` has shape [${got.shape}], onnxruntime gives [${want.shape}]`,
      );
    }
    for (let i = 0; i < want.data.length; i++) {
      const difference = Math.abs(got.data[i]! - want.data[i]!);
      if (!(difference <= TOLERANCE * Math.max(1, Math.abs(want.data[i]!)))) {
        throw new SlipwayError(
          `${model}: output \`${want.name}\`[${i}] is ${got.data[i]} through the gateway and ${want.data[i]} directly`,
        );
      }
      max = Math.max(max, difference);
    }
  }
  return max;
}
