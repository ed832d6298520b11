import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, request, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAuthenticatedProxy } from "../../../toolchain/cluster/forwarder/authenticated-proxy";

const CREDENTIALS = { user: "slipway", password: "s3cret" };
const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;

describe("createAuthenticatedProxy", () => {
  const open: Server[] = [];
  afterEach(() => {
    for (const server of open.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function listen(server: Server): Promise<number> {
    open.push(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  }

  /** A proxy before a server that tells what it was asked. */
  async function proxied(): Promise<{ port: number; seen: IncomingMessage[] }> {
    const seen: IncomingMessage[] = [];
    const target = createServer(async (incoming, outgoing) => {
      seen.push(incoming);
      let body = "";
      for await (const chunk of incoming) body += String(chunk);
      outgoing.writeHead(201, { "x-kept": "yes" }).end(`${incoming.method} ${incoming.url} ${body}`);
    });
    const port = await listen(target);
    return { port: await listen(createAuthenticatedProxy({ host: "127.0.0.1", port }, CREDENTIALS)), seen };
  }

  const ask = (port: number, authorization?: string) =>
    fetch(`http://127.0.0.1:${port}/api?query=up`, {
      method: "POST",
      body: "q",
      ...(authorization === undefined ? {} : { headers: { authorization } }),
    });

  it("passes on what has the credentials, whole, but not the credentials", async () => {
    const { port, seen } = await proxied();
    const answer = await ask(port, basic("slipway:s3cret"));
    assert.equal(answer.status, 201);
    assert.equal(answer.headers.get("x-kept"), "yes");
    assert.equal(await answer.text(), "POST /api?query=up q");
    assert.equal(seen[0]!.headers.authorization, undefined);
  });

  for (const [what, header] of [
    ["nothing", undefined],
    ["another password", basic("slipway:s3creT")],
    ["another user", basic("root:s3cret")],
    ["a token", "Bearer s3cret"],
    ["an empty header", ""],
  ] as const) {
    it(`refuses a request with ${what}, and says whom to ask`, async () => {
      const { port, seen } = await proxied();
      const answer = await ask(port, header);
      assert.equal(answer.status, 401);
      assert.equal(answer.headers.get("www-authenticate"), 'Basic realm="slipway", charset="UTF-8"');
      assert.equal(
        await answer.text(),
        "Unauthorized: `npx slipway outputs` prints the address with its credentials.\n",
      );
      assert.equal(seen.length, 0);
    });
  }

  it("asks for credentials with each request of a connection", async () => {
    const { port } = await proxied();
    const statuses: (number | undefined)[] = [];
    const { Agent } = await import("node:http");
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (const headers of [{ authorization: basic("slipway:s3cret") }, {}]) {
      const outgoing = request({ host: "127.0.0.1", port, agent, headers }).end();
      const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
      statuses.push(answer.statusCode);
      answer.resume();
      await once(answer, "end");
    }
    agent.destroy();
    assert.deepEqual(statuses, [201, 401]);
  });

  it("says that nobody answers behind it", async () => {
    const server = createServer();
    const port = await listen(server);
    server.close();
    await once(server, "close");
    const proxy = await listen(createAuthenticatedProxy({ host: "127.0.0.1", port }, CREDENTIALS));
    const answer = await ask(proxy, basic("slipway:s3cret"));
    assert.equal(answer.status, 502);
    assert.match(await answer.text(), /^Bad gateway: .*ECONNREFUSED/);
  });
});
