import assert from "node:assert/strict";
import { identityModel } from "../support/onnx-model";
import { modelFolder } from "../runtime/support/model-folder";
import { itMeets, ScriptResults, type Expectations, type Refusal } from "./support/script";
import { Serving } from "./support/serving";

interface Run {
  readonly before: [ready: boolean, answer: Refusal];
  readonly loaded: [ready: boolean, state: string, answer: number[][]];
  readonly after: [ready: boolean, answer: Refusal];
}

/** The statuses of both transports. HTTP comes first: to gRPC, the model is one that was unloaded. */
const STATUS = {
  http: { unknown: "404", before: "404", notReady: "503", broken: "400" },
  grpc: {
    unknown: "StatusCode.NOT_FOUND",
    before: "StatusCode.UNAVAILABLE",
    notReady: "StatusCode.UNAVAILABLE",
    broken: "StatusCode.INVALID_ARGUMENT",
  },
};

function expectations(transport: keyof typeof STATUS): Expectations {
  const status = STATUS[transport];
  return {
    [`${transport}: load_infer_unload`]: ({ before, loaded, after }: Run) => {
      assert.deepEqual([before[0], before[1].status], [false, status.before]);
      assert.deepEqual(loaded, [true, "READY", [[1, 1, 1, 1]]]);
      assert.deepEqual([after[0], after[1].status], [false, status.notReady]);
    },
    [`${transport}: load_of_an_unknown_model`]: ({ status: got, message }: Refusal) => {
      assert.equal(got, status.unknown);
      assert.match(message, /`nothing`/);
    },
    [`${transport}: load_of_a_broken_model`]: ([refusal, live]: [Refusal, boolean]) => {
      assert.equal(refusal.status, status.broken);
      assert.match(refusal.message, /is not an ONNX model/);
      assert.ok(live);
    },
    [`${transport}: load_with_tritons_configuration`]: [4, 2, [2], 500],
    [`${transport}: aio`]: [true, false],
  };
}

describe("loading and unloading with tritonclient", () => {
  let serving: Serving;
  let results: ScriptResults;
  before(async () => {
    const repository = modelFolder({
      "late/1/model.onnx": identityModel("float32", ["n", 4]),
      "broken/1/model.onnx": "no model",
    });
    serving = await Serving.start(repository, "--model-control", "explicit");
    results = await ScriptResults.of("triton_admin.py", serving);
  });
  after(() => serving?.stop());

  itMeets({ ...expectations("http"), ...expectations("grpc") }, () => results);
});
