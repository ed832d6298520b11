import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { Connections, type Answering } from "../../../runtime/rest/connections";

const LIMITS = { idleTimeout: 75, requestTimeout: 60 };
/** Milliseconds between its own looks: the tests say when and at what time. */
const NEVER = 2 ** 30;
const REQUEST = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";

describe("Connections", () => {
  let server: Server;
  let connections: Connections;
  let exchanges: Answering[];
  let gone: number;
  const clients: Socket[] = [];

  beforeEach(async () => {
    exchanges = [];
    gone = 0;
    server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
      const exchange = { request, response, gone: () => gone++ };
      exchanges.push(exchange);
      connections.began(exchange);
      server.emit("asked");
    });
    connections = new Connections(server, LIMITS, NEVER);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });

  afterEach(() => {
    clients.splice(0).forEach((client) => client.destroy());
    server.close();
    server.closeAllConnections();
  });

  async function open(): Promise<Socket> {
    const accepted = once(server, "connection");
    const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
    client.on("error", () => undefined);
    clients.push(client);
    await accepted;
    return client;
  }

  async function ask(client: Socket, text = REQUEST): Promise<void> {
    const asked = once(server, "asked");
    client.write(text);
    await asked;
  }

  async function answer(client: Socket, at = exchanges.length - 1): Promise<void> {
    const { response } = exchanges[at]!;
    const closed = once(response, "close");
    client.resume();
    response.end("answer");
    await closed;
  }

  it("ends a connection that was idle for the time allowed, and no other", async () => {
    const [idle, busy] = [await open(), await open()];
    await ask(idle);
    await answer(idle);
    await ask(busy);
    const now = Math.floor(performance.now());
    connections.sweep(now);
    connections.sweep(now + 74_999);
    assert.deepEqual([idle.closed, busy.closed], [false, false]);
    const closed = once(idle, "close");
    connections.sweep(now + 75_000);
    await closed;
    assert.equal(busy.closed, false);
  });

  it("counts the time anew with each request", async () => {
    const client = await open();
    const now = Math.floor(performance.now());
    connections.sweep(now + 70_000);
    await ask(client);
    await answer(client);
    connections.sweep(now + 80_000);
    connections.sweep(now + 154_000);
    assert.equal(client.closed, false);
    const closed = once(client, "close");
    connections.sweep(now + 155_000);
    await closed;
  });

  it("limits the time in which an answer is read, only while one is", async () => {
    const client = await open();
    await ask(client);
    const { response } = exchanges[0]!;
    const { socket } = response;
    connections.sweep(performance.now());
    assert.ok(!socket!.timeout, "an answer that is being made has all the time");
    client.pause();
    response.end(Buffer.alloc(32 * 1024 * 1024));
    connections.sweep(performance.now());
    assert.equal(socket!.timeout, 60_000);
    client.resume();
    await once(response, "close");
    connections.sweep(performance.now());
    assert.equal(socket!.timeout, 0);
  });

  it("tells the last request of a connection that it has ended", async () => {
    const client = await open();
    await ask(client);
    const { socket } = exchanges[0]!.request;
    const closed = once(socket, "close");
    client.destroy();
    await closed;
    assert.equal(gone, 1);
  });

  it("drains: idle connections at once, busy ones after their answer, also when several were asked at once", async () => {
    const [idle, busy] = [await open(), await open()];
    await ask(busy, REQUEST + REQUEST);
    while (exchanges.length < 2) await once(server, "asked");
    const ended = once(idle, "close");
    const drained = connections.drain();
    idle.resume();
    await ended;
    await answer(busy, 0);
    assert.equal(busy.closed, false);
    await answer(busy, 1);
    await drained;
  });

  it("ends a connection after a request that came while it drained", async () => {
    const client = await open();
    await ask(client);
    const drained = connections.drain();
    await ask(client);
    await answer(client, 0);
    await answer(client, 1);
    await drained;
  });
});
