import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { anyFreePort, isPortFree, listenerOn, listeningInodes } from "../../../toolchain/cluster/ports";

describe("isPortFree", () => {
  it("sees a listener on loopback, and that it went", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    assert.equal(await isPortFree(port), false);
    server.close();
    await once(server, "close");
    assert.equal(await isPortFree(port), true);
  });
});

describe("anyFreePort", () => {
  it("gives a port that can be listened on", async () => {
    assert.equal(await isPortFree(await anyFreePort()), true);
  });
});

describe("listenerOn", () => {
  it("names the process that listens", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    assert.match(listenerOn(port) ?? "", new RegExp(`\\(process ${process.pid}\\)$`));
    server.close();
  });

  it("names nobody where nobody listens", async () => {
    assert.equal(listenerOn(await anyFreePort()), undefined);
  });
});

describe("listeningInodes", () => {
  it("takes listeners on the port and leaves out connections and other ports", () => {
    const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:20FB 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1
   1: 0100007F:20FB 0100007F:1234 01 00000000:00000000 00:00000000 00000000     0        0 222 1
   2: 0100007F:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 333 1
`;
    assert.deepEqual(listeningInodes(table, 8443), ["111"]);
    assert.deepEqual(listeningInodes(table, 80), ["333"]);
    assert.deepEqual(listeningInodes("", 80), []);
  });
});
