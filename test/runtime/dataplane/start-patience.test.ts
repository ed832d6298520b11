import assert from "node:assert/strict";
import { resolvePatiently } from "../../../runtime/dataplane/start-patience";
import { ServerError } from "../../../runtime/errors";
import type { Servable } from "../../../runtime/models/servable";

const model = {} as Servable;
const PATIENCE_MS = 300;
const notReady = () => new ServerError("ModelNotReady", "Model `m` is not ready: it is being loaded");

/** A registry whose model comes after so many looks. */
function registry({ looks = 0, isStarting = true }) {
  let left = looks;
  return {
    isStarting,
    resolve: () => {
      if (left-- > 0) throw notReady();
      return model;
    },
  };
}

describe("an inference request that comes while the server starts", () => {
  it("finds at once what is loaded", () => {
    assert.equal(resolvePatiently(registry({}), "m"), model);
  });

  it("waits for its model, and gets it as soon as it is there", async () => {
    const startedAt = performance.now();
    const found = resolvePatiently(registry({ looks: 3 }), "m", undefined, 10_000);
    assert.ok(found instanceof Promise);
    assert.equal(await found, model);
    assert.ok(performance.now() - startedAt < 5_000);
  });

  it("is told in the end that the model is still being loaded", async () => {
    const startedAt = performance.now();
    await assert.rejects(
      async () => resolvePatiently(registry({ looks: Infinity }), "m", undefined, PATIENCE_MS),
      notReady(),
    );
    const waited = performance.now() - startedAt;
    assert.ok(waited >= PATIENCE_MS, `${waited} ms`);
  });

  it("is told at once of a model that is not there, and once the server has started of one that is not ready", () => {
    const missing = new ServerError("ModelNotFound", "There is no model `m`.");
    const throws = () => {
      throw missing;
    };
    assert.throws(() => resolvePatiently({ isStarting: true, resolve: throws }, "m"), missing);
    assert.throws(() => resolvePatiently(registry({ looks: 1, isStarting: false }), "m"), notReady());
  });

  it("does not wait for the rest once the server has started without its model", async () => {
    const server = registry({ looks: Infinity });
    const found = resolvePatiently(server, "m", undefined, 10_000);
    server.isStarting = false;
    const startedAt = performance.now();
    await assert.rejects(async () => found, notReady());
    assert.ok(performance.now() - startedAt < 5_000);
  });
});
