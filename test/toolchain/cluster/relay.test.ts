import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { createRelay } from "../../../toolchain/cluster/forwarder/relay";
import { waitFor } from "../../../toolchain/cluster/wait";

describe("createRelay", () => {
  const open: (Server | Socket)[] = [];
  afterEach(() => {
    for (const thing of open.splice(0)) {
      if ("destroy" in thing) thing.destroy();
      else thing.close();
    }
  });

  async function listen(server: Server): Promise<number> {
    open.push(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  }

  /** A client connected through a relay to a server that handles each connection with `serve`. */
  async function through(serve: (socket: Socket) => void): Promise<Socket> {
    const target = await listen(
      createServer({ allowHalfOpen: true }, (socket) => {
        open.push(socket);
        socket.on("error", () => undefined);
        serve(socket);
      }),
    );
    const port = await listen(createRelay({ host: "127.0.0.1", port: target }));
    const client = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
    open.push(client);
    await once(client, "connect");
    return client;
  }

  it("answers a client that has already ended its side", async () => {
    const client = await through((socket) => {
      const hash = createHash("sha256");
      socket.on("data", (chunk) => hash.update(chunk));
      socket.on("end", () => socket.end(hash.digest("hex")));
    });
    const body = randomBytes(5_000_000);
    client.end(body);
    assert.equal(await readAll(client), createHash("sha256").update(body).digest("hex"));
  });

  it("lets the server end first and the client go on", async () => {
    let received = "";
    const client = await through((socket) => {
      socket.end("bye");
      socket.on("data", (chunk) => (received += chunk.toString()));
    });
    assert.equal(await readAll(client), "bye");
    client.end("late");
    assert.equal(await waitFor(() => received === "late", 2000, 5), true);
  });

  it("holds back a sender whose reader does not read", async () => {
    let paused: Socket | undefined;
    const client = await through((socket) => (paused = socket.pause()));
    await waitFor(() => paused !== undefined, 2000, 5);
    let sent = 0;
    const chunk = Buffer.alloc(1 << 20);
    const isFull = await waitFor(
      () => {
        if (client.writableNeedDrain) return true;
        sent += chunk.length;
        client.write(chunk);
        return sent > 512 << 20;
      },
      5000,
      1,
    );
    assert.ok(isFull);
    assert.ok(sent < 64 << 20, `${sent} bytes were taken without a reader`);
  });

  it("passes on that the server cut the connection", async () => {
    const client = await through((socket) => {
      socket.write("part", () => setTimeout(() => socket.resetAndDestroy(), 20));
    });
    client.resume();
    const [error] = (await once(client, "error")) as [NodeJS.ErrnoException];
    assert.equal(error.code, "ECONNRESET");
  });

  it("cuts the client off when nobody listens behind", async () => {
    const free = createServer();
    const port = await listen(free);
    free.close();
    const relay = await listen(createRelay({ host: "127.0.0.1", port }));
    const client = connect({ host: "127.0.0.1", port: relay });
    open.push(client);
    client.resume();
    await assert.rejects(once(client, "end"), { code: "ECONNRESET" });
  });
});

async function readAll(socket: Socket): Promise<string> {
  let text = "";
  socket.on("data", (chunk) => (text += chunk.toString()));
  await once(socket, "end");
  return text;
}
