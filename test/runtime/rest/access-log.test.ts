import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { tensorBody } from "./support/bodies";
import { RestServer } from "./support/rest-server";

describe("the access log of REST", () => {
  const logged: [path: string, status: number][] = [];
  let told: (() => void) | undefined;
  let begun: (() => void) | undefined;
  let server: RestServer;

  before(async () => {
    server = await RestServer.start(
      {
        m: { spec: { inputs: [], outputs: [] } },
        stuck: {
          spec: { inputs: [], outputs: [] },
          infer: () => (begun?.(), new Promise(() => undefined)),
        },
      },
      {
        access: ({ path, status }) => {
          logged.push([path.split("?")[1]!, status]);
          told?.();
        },
        requestTimeout: 0.5,
        headerTimeout: 0.5,
      },
    );
  });
  beforeEach(() => void logged.splice(0));
  after(() => server.close());

  const post = (model: string, what: string, body: string, length = body.length) =>
    `POST /v2/models/${model}/infer?${what} HTTP/1.1\r\nhost: x\r\ncontent-length: ${length}\r\n\r\n${body}`;
  const body = tensorBody("FP32", "[1]", "[1]");

  async function send(text: string): Promise<Socket> {
    const socket = connect(server.port, "127.0.0.1");
    socket.on("error", () => undefined);
    await once(socket, "connect");
    socket.write(text);
    return socket;
  }

  const line = () => new Promise<void>((resolve) => (told = resolve));

  it("says what was answered", async () => {
    const over = line();
    const socket = await send(post("m", "fine", body));
    await over;
    assert.deepEqual(logged, [["fine", 200]]);
    socket.destroy();
  });

  it("says 499 of a client that has gone, within its body or before its answer", async () => {
    let over = line();
    const half = await send(post("m", "within", "{", 100));
    setTimeout(() => half.destroy(), 20);
    await over;
    over = line();
    const running = new Promise<void>((resolve) => (begun = resolve));
    const whole = await send(post("stuck", "before", body));
    await running;
    whole.destroy();
    await over;
    assert.deepEqual(logged, [
      ["within", 499],
      ["before", 499],
    ]);
  });

  it("says 408 and 400 where the rest of a body did not come in time, or was no HTTP", async function () {
    this.timeout(10_000);
    let over = line();
    const socket = await send(post("m", "late", "{", 100));
    const [answer] = (await once(socket, "data")) as [Buffer];
    assert.match(String(answer), /^HTTP\/1\.1 408 /);
    await over;
    over = line();
    const chunked =
      "POST /v2/models/m/infer?ill HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nnone\r\n";
    const ill = await send(chunked);
    ill.resume();
    await over;
    assert.deepEqual(logged, [
      ["late", 408],
      ["ill", 400],
    ]);
  });
});
