import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
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
  before(async () => {
    const inputs = [{ name: "x", datatype: "FP32" as const, shape: [1] }];
    const outputs = [{ name: "y", datatype: "FP32" as const, shape: [-1] }];
    const data = new Float32Array(ELEMENTS);
    server = await RestServer.start({
      large: {
        spec: { inputs, outputs },
        infer: () => [{ name: "y", datatype: "FP32", shape: [ELEMENTS], data }],
      },
    });
  });
  after(() => server.close());
  afterEach(() => clients.splice(0).forEach((client) => client.destroy()));

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

  it("counts no more once it was read", async () => {
    const client = await ask();
    assert.ok(server.budget.heldBytes >= 4 * ELEMENTS);
    let received = 0;
    client.on("data", (piece: Buffer) => (received += piece.length));
    while (received < 4 * ELEMENTS) await once(client, "data");
    await until(() => server.budget.heldBytes === 0);
  });
});
