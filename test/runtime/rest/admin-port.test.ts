import assert from "node:assert/strict";
import { createServer } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { FakeWorker } from "../support/fake-worker";
import { modelFolder } from "../support/model-folder";
import { RunningServer } from "../support/running-server";

/** A port that was free a moment ago: 0, which takes any, is how the admin port is left out. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}

describe("the admin port", () => {
  let server: RunningServer | undefined;
  afterEach(() => server?.close());

  const start = async (options: object) => {
    const repository = modelFolder({ "m/1/model.onnx": "" });
    const spawn = () => new FakeWorker().asWorker();
    return (server = await RunningServer.start(repository, options, { spawn }));
  };

  it("alone serves the repository's operations", async () => {
    const adminPort = await freePort();
    const started = await start({ adminPort, modelControl: "explicit", loadModel: ["m"] });
    assert.equal(started.server.ports().admin, adminPort);
    const admin = (path: string, method = "POST") =>
      fetch(`http://127.0.0.1:${adminPort}${path}`, { method });
    const index = await admin("/v2/repository/index");
    assert.deepEqual(await index.json(), [{ name: "m", version: "1", state: "READY", reason: "" }]);
    assert.equal((await admin("/v2/repository/models/m/load")).status, 200);
    assert.equal((await admin("/v2/models/m", "GET")).status, 404);
    assert.equal((await admin("/v2/health/live", "GET")).status, 404);
    for (const path of [
      "/v2/repository/index",
      "/v2/repository/models/m/load",
      "/v2/repository/models/m/unload",
    ]) {
      const { status, body } = await server!.call("POST", path);
      assert.deepEqual([status, body], [404, { error: `There is nothing at ${path}.` }]);
    }
    assert.equal((await server!.call("GET", "/v2/models/m")).status, 200);
    assert.equal(await server!.server.drain(), true);
    await assert.rejects(admin("/v2/repository/index"));
  });

  it("is off by default, and its operations are on the REST endpoint", async () => {
    const { server: started } = await start({});
    assert.equal(started.ports().admin, undefined);
    assert.equal((await server!.call("POST", "/v2/repository/index")).status, 200);
    const { status, body } = await server!.call("POST", "/v2/repository/models/m/load");
    assert.equal(status, 409);
    assert.match(body.error, /model-control/);
  });
});
