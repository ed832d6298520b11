import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type AddressInfo, type Socket } from "node:net";
import pino from "pino";
import type { Principal } from "../../../runtime/auth/authenticator";
import { ByteBudget } from "../../../runtime/dataplane/byte-budget";
import { createRestListener } from "../../../runtime/rest/rest-listener";

describe("a client that leaves while it is found out who it is", () => {
  it("takes hold of no model and no memory", async () => {
    let permit!: (principal: Principal) => void;
    let authorize!: () => void;
    const asked = new Promise<void>((resolve) => (authorize = resolve));
    let resolved = 0;
    const budget = new ByteBudget(1000);
    const { server } = createRestListener(
      {
        log: pino({ level: "silent" }),
        budget,
        maxBodyBytes: 1000,
        headerTimeout: 10,
        requestTimeout: 10,
        idleTimeout: 10,
        maxConnections: 10,
        authenticator: {
          authorize: () => {
            authorize();
            return new Promise<Principal>((resolve) => (permit = resolve));
          },
          close: () => undefined,
        },
        dataPlane: { isDraining: false, resolve: () => (resolved++, { metrics: {} }) },
        metrics: { unresolved: () => undefined },
      } as never,
      "all",
    );
    const left = new Promise((resolve) =>
      server.on("connection", (socket: Socket) => socket.on("close", resolve)),
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const client = connect((server.address() as AddressInfo).port, "127.0.0.1");
    client.write("POST /v2/models/m/infer HTTP/1.1\r\nhost: x\r\ncontent-length: 500\r\n\r\n");
    await asked;
    client.destroy();
    await left;
    permit({ subject: "ana", scopes: new Set(["infer"]) });
    await new Promise(setImmediate);
    server.close();
    assert.deepEqual([resolved, budget.heldBytes], [0, 0]);
  });
});
