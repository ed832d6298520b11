import assert from "node:assert/strict";
import { status, type ClientReadableStream } from "@grpc/grpc-js";
import { codecOf, grpcClient, type GrpcClient } from "../support/grpc-client";
import { scriptedListener, type ScriptedListener } from "../support/grpc-listener";
import { frame, WireClient } from "../support/grpc-wire";

const HEALTH = "grpc.health.v1.Health";
const SERVING = 1;
const NOT_SERVING = 2;
const SERVICE_UNKNOWN = 3;

describe("grpc.health.v1", () => {
  let server: ScriptedListener;
  let client: GrpcClient;
  let dataPlane: { ready: () => boolean };
  let ready = true;
  const { path, encode, decode } = codecOf(HEALTH, "Watch");

  beforeEach(async () => {
    ready = true;
    dataPlane = {
      ready: () => ready,
      ...{ isDraining: false, modelReady: modelReady },
    };
    server = await scriptedListener(undefined, { dataPlane: dataPlane as never });
    client = grpcClient(server.address);
  });
  afterEach(() => {
    client.close();
    server.listener.close();
  });

  function modelReady(name: string): boolean {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the class that the transport knows errors by
    const { ServerError } = require("../../../runtime/errors") as typeof import("../../../runtime/errors");
    if (name === "m" || name === "loading") return name === "m";
    throw new ServerError("ModelNotFound", `There is no model \`${name}\`.`);
  }

  const check = async (service: string) => (await client.call("Check", { service }, HEALTH)).status;
  const watch = (service: string) =>
    client.raw.makeServerStreamRequest(path, encode, decode, { service }) as ClientReadableStream<{
      status: number;
    }>;
  const next = async (stream: ClientReadableStream<{ status: number }>) =>
    new Promise<number>((resolve) =>
      stream.once("data", ({ status }: { status: number }) => resolve(status)),
    );

  it("answers for the server, its services and each model", async () => {
    for (const service of ["", "inference.GRPCInferenceService", HEALTH, "m"]) {
      assert.equal(await check(service), SERVING, service);
    }
    assert.equal(await check("loading"), NOT_SERVING);
    ready = false;
    assert.equal(await check(""), NOT_SERVING);
    assert.equal(await check("m"), SERVING);
    await assert.rejects(check("nope"), { code: status.NOT_FOUND, details: "There is no such service." });
  });

  it("does not tell of models where callers must show who they are: probes do not", async () => {
    const authenticator = { authorize: () => Promise.reject(new Error("not asked")), close() {} };
    const closed = await scriptedListener(undefined, { authenticator, dataPlane: dataPlane as never });
    const probe = grpcClient(closed.address);
    try {
      assert.equal((await probe.call("Check", { service: "" }, HEALTH)).status, SERVING);
      const model = probe.call("Check", { service: "m" }, HEALTH);
      await assert.rejects(model, { code: status.NOT_FOUND, details: "There is no such service." });
    } finally {
      probe.close();
      closed.listener.close();
    }
  });

  it("tells a watcher the status at once and whenever it changes, and that the server stops", async () => {
    const stream = watch("");
    assert.equal(await next(stream), SERVING);
    ready = false;
    assert.equal(await next(stream), NOT_SERVING);
    ready = true;
    assert.equal(await next(stream), SERVING);
    const last = next(stream);
    const ended = new Promise((resolve) => stream.once("status", resolve));
    const drained = server.listener.drain();
    assert.equal(await last, NOT_SERVING);
    assert.equal(((await ended) as { code: number }).code, status.OK);
    client.close();
    await drained;
  });

  it("keeps the watch of a service that is not there", async () => {
    const stream = watch("nope");
    stream.on("error", () => undefined);
    assert.equal(await next(stream), SERVICE_UNKNOWN);
    stream.cancel();
  });

  it("refuses a watch without a message, or with two", async () => {
    const wire = await WireClient.connect(server.port);
    const none = await wire.call(Buffer.alloc(0), {}, path);
    assert.deepEqual(none.status, [
      status.INVALID_ARGUMENT,
      "The method takes one message, but the call has none.",
    ]);
    const two = await wire.call(Buffer.concat([frame(Buffer.alloc(0)), frame(Buffer.alloc(0))]), {}, path);
    assert.deepEqual(two.status, [
      status.INVALID_ARGUMENT,
      "The method takes one message, but the call has more.",
    ]);
    const malformed = await wire.call(frame(Buffer.of(0x0a, 9)), {}, path);
    assert.deepEqual(malformed.status, [
      status.INVALID_ARGUMENT,
      "The message is not valid: it ends within a field.",
    ]);
    wire.close();
  });
});
