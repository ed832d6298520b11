import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { RestServer } from "./support/rest-server";

const spec = [{ name: "x", datatype: "FP32" as const, shape: [-1] }];

describe("the forms of HTTP", () => {
  let server: RestServer;
  let socket: Socket;
  let received = "";

  before(async () => (server = await RestServer.start({ m: { spec: { inputs: spec, outputs: spec } } })));
  after(() => server.close());
  beforeEach(async () => {
    received = "";
    socket = connect(server.port, "127.0.0.1");
    socket.on("data", (piece) => (received += piece.toString("latin1")));
    socket.on("error", () => undefined);
    await once(socket, "connect");
  });
  afterEach(() => socket.destroy());

  const body = (value: number) =>
    `{"id":"${value}","inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[${value}]}]}`;
  const request = (text: string, more = "") =>
    `POST /v2/models/m/infer HTTP/1.1\r\nhost: x\r\n${more}content-length: ${text.length}\r\n\r\n${text}`;

  async function receive(pattern: RegExp): Promise<RegExpMatchArray> {
    for (;;) {
      const match = received.match(pattern);
      if (match) return match;
      assert.ok(!socket.closed, `closed after ${received}`);
      await Promise.race([once(socket, "data"), once(socket, "close")]);
    }
  }

  it("answers requests that were sent at once in their order", async () => {
    socket.write([1, 2, 3].map((value) => request(body(value))).join(""));
    const [, ...ids] = await receive(/"id":"(\d)".*"id":"(\d)".*"id":"(\d)".*\]\}\]\}$/s);
    assert.deepEqual(ids, ["1", "2", "3"]);
  });

  it("goes on after a refused request on the same connection", async () => {
    socket.write(request("{") + request(body(4)));
    assert.match(
      (await receive(/200 OK.*\]\}$/s)).input!,
      /^HTTP\/1.1 400 .*"The request body is not valid JSON."/s,
    );
  });

  it("takes a request that comes byte by byte", async () => {
    for (const byte of request(body(5))) socket.write(byte);
    await receive(/"data":\[5\]/);
  });

  it("takes chunked bodies, and says what is wrong with broken ones", async () => {
    const text = body(6);
    const head = "POST /v2/models/m/infer HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n";
    const [a, b] = [text.slice(0, 7), text.slice(7)];
    socket.write(`${head}7\r\n${a}\r\n${b.length.toString(16)}\r\n${b}\r\n0\r\n\r\n`);
    await receive(/"data":\[6\]\}\]\}$/);
    socket.write(`${head}zz\r\n`);
    await receive(/HTTP\/1.1 400 Bad Request.*\{"error":"The request is not valid HTTP."\}$/s);
  });

  it("asks for a body that is announced with an expectation", async () => {
    socket.write(request("", "expect: 100-continue\r\n").replace("length: 0", `length: ${body(7).length}`));
    await receive(/^HTTP\/1.1 100 Continue\r\n\r\n$/);
    socket.write(body(7));
    await receive(/"data":\[7\]/);
  });

  it("ends a connection after its answer where the client says so", async () => {
    const ended = once(socket, "close");
    socket.write(request(body(8), "connection: close\r\n"));
    await ended;
    assert.match(received, /connection: close/i);
    assert.match(received, /"data":\[8\]/);
  });

  it("answers before a body that is too large has come, and ends the connection", async () => {
    const ended = once(socket, "close");
    socket.write(request("").replace("length: 0", "length: 1000000000"));
    await receive(/413 Payload Too Large.*`--max-body-bytes` allows\."\}$/s);
    socket.end();
    await ended;
  });

  it("refuses headers without end", async () => {
    socket.write(`GET /v2 HTTP/1.1\r\nhost: x\r\na: ${"x".repeat(20_000)}`);
    await receive(/431 Request Header Fields Too Large/);
  });

  it("is none the worse for it", async () => {
    assert.equal((await server.infer("m", JSON.parse(body(9)))).status, 200);
    assert.equal(server.budget.heldBytes, 0);
  });
});
