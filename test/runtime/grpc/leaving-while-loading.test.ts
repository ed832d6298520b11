import assert from "node:assert/strict";
import { once } from "node:events";
import { constants } from "node:http2";
import { status } from "@grpc/grpc-js";
import { ByteBudget } from "../../../runtime/dataplane/byte-budget";
import { held, scriptedListener, type ScriptedListener } from "../support/grpc-listener";
import { answerOf, frame, inferMessage, MODEL_INFER, WireClient } from "../support/grpc-wire";

const MODEL_STREAM_INFER = "/inference.GRPCInferenceService/ModelStreamInfer";

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe("gRPC clients that leave while their model is being loaded", () => {
  const large = frame(inferMessage(Array.from({ length: 10_000 }, (_, i) => i)));
  let server: ScriptedListener;
  let client: WireClient;
  let model: ReturnType<typeof held<void>>;

  beforeEach(async () => {
    model = held();
    server = await scriptedListener(undefined, { budget: new ByteBudget(1e6) }, model.promise);
    client = await WireClient.connect(server.port);
  });
  afterEach(() => {
    client.close();
    server.listener.close();
  });

  async function loaded(): Promise<void> {
    model.resolve();
    await until(() => server.counted.unresolved.length + server.counted.outcomes.length > 0);
    await new Promise(setImmediate);
  }

  for (const path of [MODEL_INFER, MODEL_STREAM_INFER]) {
    it(`hold no memory of ${path} after it, and run nothing`, async () => {
      const stream = client.open({}, path);
      stream.write(large);
      if (path === MODEL_INFER) stream.end();
      await until(() => server.budget.heldBytes >= large.length - 5);
      stream.close(constants.NGHTTP2_CANCEL);
      await once(stream, "close");
      await until(() => server.budget.heldBytes === 0);
      await loaded();
      assert.equal(server.budget.heldBytes, 0);
      assert.equal(server.runs.length, 0);
      assert.deepEqual(server.counted.unresolved, ["Cancelled"]);
    });
  }

  it("are told of a deadline that passes meanwhile, and hold no memory either", async () => {
    const stream = client.open({ "grpc-timeout": "30m" });
    const answer = answerOf(stream);
    stream.end(large);
    assert.equal((await answer).status[0], status.DEADLINE_EXCEEDED);
    await until(() => server.budget.heldBytes === 0);
    await loaded();
    assert.equal(server.budget.heldBytes, 0);
    assert.equal(server.runs.length, 0);
    assert.deepEqual(server.counted.unresolved, ["DeadlineExceeded"]);
  });
});
