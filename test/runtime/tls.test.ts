import assert from "node:assert/strict";
import { credentials } from "@grpc/grpc-js";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect, type TLSSocket } from "node:tls";
import { once } from "node:events";
import pino from "pino";
import { KeyPairWatcher } from "../../runtime/tls";
import { createServer } from "../../runtime";
import { grpcClient } from "./support/grpc-client";
import { writeKeyPair } from "./support/certificates";
import { modelFolder } from "./support/model-folder";
import { RunningServer } from "./support/running-server";

async function peerName(port: number): Promise<string> {
  const socket: TLSSocket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return String(CN);
}

describe("TLS", () => {
  it("is spoken on the HTTP and gRPC ports, and follows the files when they change", async () => {
    const dir = modelFolder({});
    writeKeyPair(dir, "first");
    const server = await RunningServer.start(modelFolder({}), {
      tlsCert: join(dir, "tls.crt"),
      tlsKey: join(dir, "tls.key"),
    });
    try {
      const { http, grpc } = server.server.ports();
      assert.deepEqual([await peerName(http), await peerName(grpc)], ["first", "first"]);
      const client = grpcClient(
        `localhost:${grpc}`,
        credentials.createSsl(readFileSync(join(dir, "tls.crt"))),
      );
      assert.equal((await client.call("ServerLive", {})).live, true);
      client.close();
      await assert.rejects(fetch(`http://127.0.0.1:${http}/v2`));
    } finally {
      await server.close();
    }
  });

  it("ends a connection that was never used without an answer", async () => {
    const dir = modelFolder({});
    writeKeyPair(dir, "first");
    const files = { tlsCert: join(dir, "tls.crt"), tlsKey: join(dir, "tls.key") };
    const server = await RunningServer.start(modelFolder({}), { ...files, headerTimeout: 0.2 });
    try {
      const port = server.server.ports().http;
      const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false });
      let answer = "";
      socket.on("data", (data) => (answer += String(data)));
      await once(socket, "close");
      assert.equal(answer, "");
    } finally {
      await server.close();
    }
  });

  it("replaces the pair when both files fit together again", async () => {
    const dir = modelFolder({});
    writeKeyPair(dir, "first");
    const files = { cert: join(dir, "tls.crt"), key: join(dir, "tls.key") };
    const watcher = KeyPairWatcher.open(files, pino({ level: "silent" }), 20);
    try {
      const changed = new Promise((resolve) => watcher.onChange(resolve));
      const old = watcher.current;
      writeFileSync(join(dir, "tls.crt"), "half-way");
      await new Promise((resolve) => setTimeout(resolve, 60));
      assert.equal(watcher.current, old);
      writeKeyPair(dir, "second");
      await changed;
      assert.notDeepEqual(watcher.current.cert, old.cert);
    } finally {
      watcher.close();
    }
  });

  it("refuses files that are missing or no key pair, naming them", () => {
    const dir = modelFolder({ "tls.crt": "x", "tls.key": "y" });
    const create = (cert: string) =>
      createServer({ modelRepository: dir, tlsCert: join(dir, cert), tlsKey: join(dir, "tls.key") });
    assert.throws(() => create("none.crt"), {
      message: `\`--tls-cert\` (${dir}/none.crt) cannot be read: it does not exist.`,
    });
    assert.throws(() => create("tls.crt"), /must be a PEM certificate and its key/);
  });
});
