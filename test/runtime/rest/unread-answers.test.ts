import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import type { ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { ByteBudget } from "../../../runtime/dataplane/byte-budget";
import { releaseWhenGone } from "../../../runtime/rest/unread-shares";
import { RestServer } from "./support/rest-server";

/** Many times what the system's own buffers of a connection take. */
const ELEMENTS = 8_000_000;

/** The time limit of the test is the patience. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate);
}

describe("an answer that its client does not read", () => {
  let server: RestServer;
  const clients: Socket[] = [];
  /** Lets the model `slow` answer. */
  let answerSlow: () => void;
  let slow: Promise<void>;
  beforeEach(() => {
    slow = new Promise((resolve) => (answerSlow = resolve));
  });
  before(async () => {
    const inputs = [{ name: "x", datatype: "FP32" as const, shape: [1] }];
    const outputs = [{ name: "y", datatype: "FP32" as const, shape: [-1] }];
    const data = new Float32Array(ELEMENTS);
    server = await RestServer.start({
      large: {
        spec: { inputs, outputs },
        infer: () => [{ name: "y", datatype: "FP32", shape: [ELEMENTS], data }],
      },
      echo: { spec: { inputs, outputs } },
      slow: { spec: { inputs, outputs }, infer: ({ inputs }) => slow.then(() => [...inputs]) },
    });
  });
  after(() => server.close());
  afterEach(() => {
    clients.splice(0).forEach((client) => client.destroy());
    server.counted.length = 0;
  });

  async function ask(): Promise<Socket> {
    const client = connect(server.port, "127.0.0.1");
    clients.push(client);
    client.on("error", () => undefined);
    const body =
      '{"parameters":{"binary_data_output":true},"inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]}]}';
    client.write(
      `POST /v2/models/large/infer HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    await until(() => server.counted.includes("succeeded"));
    server.counted.length = 0;
    return client;
  }

  it("counts in the memory that requests share, until the client has gone", async () => {
    const client = await ask();
    assert.ok(server.budget.heldBytes >= 4 * ELEMENTS, `${server.budget.heldBytes} bytes`);
    const input = { name: "x", datatype: "FP32", shape: [1], data: [1] };
    assert.equal((await server.infer("large", { inputs: [input] })).status, 503);
    client.destroy();
    await until(() => server.budget.heldBytes === 0);
  });

  for (const [how, header] of [
    ["plain", ""],
    ["compressed", "accept-encoding: gzip\r\n"],
  ] as const) {
    it(`counts no more once its client has gone, pipelined behind another, ${how}`, async () => {
      const client = connect(server.port, "127.0.0.1");
      clients.push(client);
      client.on("error", () => undefined);
      const requestTo = (model: string, id: string) => {
        const body = `{"id":"${id}","inputs":[{"name":"x","datatype":"FP32","shape":[1],"data":[1]}]}`;
        return `POST /v2/models/${model}/infer HTTP/1.1\r\nhost: x\r\n${header}content-length: ${body.length}\r\n\r\n${body}`;
      };
      const id = "i".repeat(90_000);
      server.counted.length = server.requests.length = 0;
      client.write(
        requestTo("slow", "") + requestTo("slow", id) + requestTo("echo", id) + requestTo("echo", ""),
      );
      await until(() => server.requests.length >= 3 && server.counted.includes("succeeded"));
      assert.ok(server.budget.heldBytes >= 2 * id.length, `${server.budget.heldBytes} bytes`);
      client.destroy();
      // The answer that is there counts no more; the bodies of the two others do, which still run.
      await until(() => server.budget.heldBytes < 2 * id.length);
      answerSlow();
      await until(() => server.budget.heldBytes === 0);
    });
  }

  it("costs its connection one listener, however many wait behind it", () => {
    const socket = new EventEmitter() as Socket;
    const responses = Array.from({ length: 20 }, () => new EventEmitter() as ServerResponse);
    const budget = new ByteBudget(100);
    for (const response of responses) {
      const share = budget.open();
      share.take(1);
      releaseWhenGone(share, response, socket);
    }
    assert.equal(socket.listenerCount("close"), 1);
    responses[3]!.emit("close");
    assert.equal(budget.heldBytes, 19);
    socket.emit("close");
    responses[4]!.emit("close");
    assert.equal(budget.heldBytes, 0);
  });

  it("counts no more once it was read", async () => {
    const client = await ask();
    assert.ok(server.budget.heldBytes >= 4 * ELEMENTS);
    let received = 0;
    client.on("data", (piece: Buffer) => (received += piece.length));
    while (received < 4 * ELEMENTS) await once(client, "data");
    await until(() => server.budget.heldBytes === 0);
  });
});
