import assert from "node:assert/strict";
import { identityModel } from "../../support/onnx-model";
import { FakeWorker } from "../support/fake-worker";
import { modelFolder } from "../support/model-folder";
import { RunningServer } from "../support/running-server";

describe("a server whose models are busy", () => {
  it("goes on answering its probes, and shows who waits", async () => {
    FakeWorker.all.length = 0;
    const files = {
      "slow/1/model.onnx": identityModel("float32", ["n"]),
      "slow/model.json": JSON.stringify({ batching: { maxBatchSize: 1 } }),
    };
    const server = await RunningServer.start(
      modelFolder(files),
      {},
      { spawn: () => new FakeWorker().asWorker() },
    );
    try {
      const body = { inputs: [{ name: "x", datatype: "FP32", shape: [1], data: [1] }] };
      const answers = Array.from({ length: 20 }, () => server.infer("slow", body));
      // What came before a probe on other connections is queued by the time that the gauge has seen all of it.
      let shown: string;
      do {
        assert.deepEqual((await server.call("GET", "/v2/health/live")).body, { live: true });
        assert.deepEqual((await server.call("GET", "/v2/health/ready")).body, { ready: true });
        shown = await server.metrics();
      } while (waitingIn(shown) < 18);
      assert.equal(waitingIn(shown), 18);
      assert.match(shown, /^slipway_inference_inflight_requests\{model="slow",version="1"\} 2$/m);
      const worker = FakeWorker.all[0]!;
      for (let answered = 0; answered < 20;) {
        if (worker.runs.length === 0) await new Promise((resolve) => setImmediate(resolve));
        else {
          worker.answer();
          answered++;
        }
      }
      for (const { status } of await Promise.all(answers)) assert.equal(status, 200);
      assert.equal(waitingIn(await server.metrics()), 0);
    } finally {
      await server.close();
    }
  });
});

function waitingIn(metrics: string): number {
  return Number(/^slipway_inference_pending_requests\{model="slow",version="1"\} (\d+)$/m.exec(metrics)![1]);
}
