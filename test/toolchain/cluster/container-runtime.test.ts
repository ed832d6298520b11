import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Server, ServerCredentials, status, type handleUnaryCall } from "@grpc/grpc-js";
import { refusalOf } from "../../../toolchain/cluster/container-runtime";

const asBytes = (bytes: Buffer) => bytes;

/** A container runtime that takes connections at once, and serves from its third question on. */
async function startRuntime(socket: string): Promise<Server> {
  const server = new Server();
  let asked = 0;
  const version: handleUnaryCall<Buffer, Buffer> = (_call, answer) => {
    if (++asked > 2) answer(null, Buffer.alloc(0));
    else answer({ code: status.UNKNOWN, details: "server is not initialized yet" });
  };
  server.addService(
    {
      version: {
        path: "/runtime.v1.RuntimeService/Version",
        requestStream: false,
        responseStream: false,
        requestSerialize: asBytes,
        requestDeserialize: asBytes,
        responseSerialize: asBytes,
        responseDeserialize: asBytes,
      },
    },
    { version },
  );
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix://${socket}`, ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(),
    );
  });
  return server;
}

describe("the container runtime before kubelet's start", () => {
  let folder: string;
  let socket: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slipway-cri-"));
    socket = join(folder, "containerd.sock");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("is not there without a socket", async () => {
    assert.match(await refusalOf(socket), /ENOENT/);
  });

  it("is not there while it takes connections and serves nothing", async () => {
    const mute = createServer((connection) => connection.destroy());
    await new Promise<void>((resolve) => mute.listen(socket, resolve));
    assert.notEqual(await refusalOf(socket), "");
    mute.close();
  });

  it("is there once it answers as kubelet expects it", async () => {
    assert.match(await refusalOf(socket), /ENOENT/);
    const runtime = await startRuntime(socket);
    try {
      assert.equal(await refusalOf(socket), "server is not initialized yet");
      assert.equal(await refusalOf(socket), "server is not initialized yet");
      assert.equal(await refusalOf(socket), "");
    } finally {
      runtime.forceShutdown();
    }
  });
});
