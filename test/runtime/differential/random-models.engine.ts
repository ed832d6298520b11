import assert from "node:assert/strict";
import fc from "fast-check";
import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { DATATYPES, datatypeOf, type Datatype, type TensorData } from "../../../runtime/dataplane/datatypes";
import { float16Bits } from "../../../runtime/dataplane/float16";
import { grpcClient, type GrpcClient } from "../support/grpc-client";
import { modelFolder } from "../support/model-folder";
import { RunningServer } from "../support/running-server";
import { randomModel, type RandomModel, type Value } from "./random-model";
import { TRANSPORTS, type NamedTensor, type Transport } from "./transports";

const SEED = Number(process.env["DIFFERENTIAL_SEED"] ?? 20_260_101);
const MODELS = 24;
/** Per model, all of them under way at the same time. */
const REQUESTS = 30;
/** Relative error that another order of adding up may cause. */
const TOLERANCE = 1e-6;

interface Case {
  readonly model: RandomModel;
  readonly name: string;
  readonly session: InferenceSession;
}

interface Exchange {
  readonly transport: Transport;
  readonly inputs: readonly NamedTensor[];
  readonly outputs: readonly string[];
  readonly expected: readonly NamedTensor[];
}

const textOf = fc.string({ unit: "grapheme", maxLength: 6 }).map((text) => text.replaceAll("\0", "-"));
/** Zero has no sign in JSON as JavaScript writes it. */
const noted = (value: number) => value || 0;
const ELEMENTS: Record<Datatype, fc.Arbitrary<number | bigint | string>> = {
  BOOL: fc.integer({ min: 0, max: 1 }),
  UINT8: fc.integer({ min: 0, max: 255 }),
  UINT16: fc.integer({ min: 0, max: 65535 }),
  UINT32: fc.integer({ min: 0, max: 4294967295 }),
  UINT64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  INT8: fc.integer({ min: -128, max: 127 }),
  INT16: fc.integer({ min: -32768, max: 32767 }),
  INT32: fc.integer({ min: -1000, max: 1000 }),
  INT64: fc.bigInt({ min: -(2n ** 31n), max: 2n ** 31n }),
  FP16: fc.integer({ min: -512, max: 512 }).map((value) => float16Bits(value / 16)),
  FP32: fc.float({ min: -8, max: 8, noNaN: true }).map(noted),
  FP64: fc.double({ min: -8, max: 8, noNaN: true }).map(noted),
  BYTES: textOf,
};

function dataOf(datatype: Datatype, values: readonly unknown[]): TensorData {
  const { array } = DATATYPES[datatype] as { array?: { from(values: unknown): TensorData } };
  return array ? array.from(values) : (values as string[]);
}

function inputOf({ name, type, columns }: Value, rows: number): fc.Arbitrary<NamedTensor> {
  const datatype = datatypeOf(type)!;
  const length = rows * columns;
  return fc
    .array(ELEMENTS[datatype], { minLength: length, maxLength: length })
    .map((values) => ({ name, datatype, shape: [rows, columns], data: dataOf(datatype, values) }));
}

function requestOf({ inputs, outputs }: RandomModel): fc.Arbitrary<Omit<Exchange, "expected">> {
  return fc.integer({ min: 1, max: 4 }).chain((rows) =>
    fc.record({
      transport: fc.constantFrom(...TRANSPORTS),
      inputs: fc.tuple(...inputs.map((input) => inputOf(input, rows))),
      outputs: fc.shuffledSubarray(
        outputs.map(({ name }) => name),
        { minLength: 1 },
      ),
    }),
  );
}

/** What onnxruntime gives for the request alone. */
async function direct(
  session: InferenceSession,
  inputs: readonly NamedTensor[],
  outputs: readonly string[],
): Promise<NamedTensor[]> {
  const feeds = Object.fromEntries(
    inputs.map(({ name, datatype, shape, data }) => [
      name,
      new OrtTensor(DATATYPES[datatype].onnx as "float32", data.slice() as Float32Array, shape),
    ]),
  );
  const results = await session.run(feeds, outputs);
  return outputs.map((name) => {
    const { type, dims, data } = results[name] as OrtTensor;
    return { name, datatype: datatypeOf(type)!, shape: [...dims], data: data as unknown as TensorData };
  });
}

function assertSame(actual: readonly NamedTensor[], expected: readonly NamedTensor[], rounds: boolean): void {
  const heads = (tensors: readonly NamedTensor[]) =>
    tensors.map(({ name, datatype, shape }) => ({ name, datatype, shape }));
  assert.deepEqual(heads(actual), heads(expected));
  actual.forEach(({ name, datatype, data }, k) => {
    const wanted = expected[k]!.data;
    assert.equal(data.length, wanted.length, name);
    for (let i = 0; i < data.length; i++) {
      const [is, should] = [data[i]!, wanted[i]!];
      if (is === should) continue;
      const close =
        rounds &&
        (datatype === "FP32" || datatype === "FP64") &&
        Math.abs((is as number) - (should as number)) <= TOLERANCE * Math.max(1, Math.abs(should as number));
      assert.ok(
        close,
        `element ${i} of ${name} (${datatype}) is ${String(is)}, but onnxruntime gives ${String(should)}`,
      );
    }
  });
}

describe("random models through the whole server", () => {
  let cases: Case[];
  let server: RunningServer;
  let client: GrpcClient;

  before(async () => {
    const models = fc.sample(randomModel, { numRuns: MODELS, seed: SEED });
    const files: Record<string, Buffer | string> = {};
    cases = await Promise.all(
      models.map(async (model, i) => {
        const name = `model-${i}`;
        files[`${name}/1/model.onnx`] = model.bytes;
        // Some are told to batch; the others find out by themselves whether they may.
        if (i % 3 === 0 && !model.mixes) {
          files[`${name}/model.json`] = JSON.stringify({ batching: { maxBatchSize: 8, maxQueueDelayMs: 1 } });
        }
        return { model, name, session: await InferenceSession.create(model.bytes, { intraOpNumThreads: 1 }) };
      }),
    );
    server = await RunningServer.start(modelFolder(files), { maxQueueSize: 10_000 });
    client = grpcClient(server.grpcAddress);
  });
  after(async () => {
    client.close();
    await server.close();
  });

  it("are served, all of them", async () => {
    const { body } = await server.call("POST", "/v2/repository/index");
    const reasons = body.map(({ name, reason }: { name: string; reason: string }) => [name, reason]);
    assert.deepEqual(
      reasons.filter(([, reason]: [string, string]) => reason !== ""),
      [],
    );
    assert.ok(cases.some(({ model }) => model.mixes) && cases.some(({ model }) => model.rounds));
  });

  it("give what onnxruntime gives directly, whatever the transport and the company", async () => {
    const exchanges = await Promise.all(
      cases.flatMap((each, i) =>
        fc.sample(requestOf(each.model), { numRuns: REQUESTS, seed: SEED + i }).map(async (request) => ({
          each,
          exchange: { ...request, expected: await direct(each.session, request.inputs, request.outputs) },
        })),
      ),
    );
    // Neighbours in the list are of different models, so that all of them have many requests at a time.
    const outcomes = await Promise.allSettled(
      exchanges.map(async ({ each, exchange }) => {
        const { transport, inputs, outputs, expected } = exchange;
        const actual = await transport.infer({ server, client }, each.name, inputs, outputs);
        assertSame(actual, expected, each.model.rounds);
      }),
    );
    const failures = outcomes.flatMap((outcome, i) => {
      if (outcome.status === "fulfilled") return [];
      const { each, exchange } = exchanges[i]!;
      return `${each.name} by ${exchange.transport.name}: ${String(outcome.reason)} ${JSON.stringify(each.model.nodes)}`;
    });
    assert.deepEqual(failures.slice(0, 5), [], `${failures.length} of ${outcomes.length}, seed ${SEED}`);
  });

  it("did share runs while they were asked", async () => {
    const text = await server.metrics();
    const total = (name: string) =>
      [...text.matchAll(new RegExp(`^${name}\\{[^}]*\\} (\\d+)$`, "gm"))].reduce(
        (sum, [, count]) => sum + Number(count),
        0,
      );
    const runs = total("slipway_inference_batch_size_count");
    assert.ok(runs > 0 && runs < 0.8 * MODELS * REQUESTS, `${runs} runs for ${MODELS * REQUESTS} requests`);
  });
});
