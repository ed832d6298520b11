import assert from "node:assert/strict";
import { runCommand, slipway } from "../support/slipway";
import { LocalStack, type ModelSetting } from "./support/local-stack";

/** Kubernetes' own deadline for such a rollout is 300 s. */
const PATIENCE_MS = 150_000;
const REQUEST = "examples/requests/silero-vad.json";

describe("a bad model", () => {
  let stack: LocalStack;

  before(async function () {
    this.timeout(60_000);
    stack = await LocalStack.open();
  });
  after(() => stack.close());

  /**
   * What an update says whose live slot gets such a model, after making sure that it said so in time and that the old pods still
   * serve.
   */
  async function refusal(change: Partial<ModelSetting>): Promise<string> {
    const startedAt = Date.now();
    const error = await stack
      .apply("voice", ({ rollout }) => Object.assign(rollout.slots.blue.models[0]!, change))
      .then(
        () => assert.fail("the update succeeded"),
        (failure: Error) => failure,
      );
    const elapsed = Date.now() - startedAt;
    assert.ok(elapsed < PATIENCE_MS, `it took ${elapsed / 1000} s`);
    const { status, stderr } = await slipway(["infer", "silero-vad", "--input", REQUEST]);
    assert.equal(status, 0, stderr);
    return error.message;
  }

  it("whose digest differs fails the update with both digests, while the old pods serve", async () => {
    const message = await refusal({ sha256: "0".repeat(64) });
    assert.match(message, /Pod "voice-blue-[^"]+" keeps ending with an error/);
    assert.match(message, /5\/model\.onnx has the SHA-256 2623a[0-9a-f]+, but `--sha256` says 0{64}/);
  });

  it("is mended by the next `up`", async () => {
    const { status, stdout, stderr } = await runCommand("npm", ["run", "--silent", "up"]);
    assert.equal(status, 0, stderr.slice(-4000));
    assert.match(stdout, /Slipway is up .*\d to update/);
  });
});
