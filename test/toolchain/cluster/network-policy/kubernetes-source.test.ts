import assert from "node:assert";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { apiServer } from "../../../../toolchain/cluster/network-policy/api-server";
import { kubernetesSource } from "../../../../toolchain/cluster/network-policy/kubernetes-source";

describe("kubernetesSource", () => {
  let server: Server;
  const dir = mkdtempSync(join(tmpdir(), "slipway-network-policy-"));
  const signal = new AbortController().signal;

  /** A source of pods at a server on a free port of loopback that answers with `listener`. */
  async function sourceOf(listener: RequestListener) {
    server = createServer(listener).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const kubeconfig = join(dir, "kubeconfig");
    writeFileSync(
      kubeconfig,
      stringify({
        "current-context": "test",
        contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
        clusters: [{ name: "test", cluster: { server: `http://127.0.0.1:${port}/` } }],
        users: [{ name: "test", user: { token: "secret" } }],
      }),
    );
    return kubernetesSource(apiServer(kubeconfig), "/api/v1/pods");
  }

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  after(() => rmSync(dir, { recursive: true }));

  it("lists with the credentials of the kubeconfig", async () => {
    const source = await sourceOf((request, response) => {
      assert.strictEqual(request.url, "/api/v1/pods");
      assert.strictEqual(request.headers.authorization, "Bearer secret");
      response.end(
        JSON.stringify({ metadata: { resourceVersion: "7" }, items: [{ metadata: { name: "a" } }] }),
      );
    });
    assert.deepStrictEqual(await source.list(signal), {
      items: [{ metadata: { name: "a" } }],
      resourceVersion: "7",
    });
  });

  it("reports watch events from lines that arrive in pieces, and settles when the server ends", async () => {
    const source = await sourceOf((request, response) => {
      assert.strictEqual(request.url, "/api/v1/pods?watch=true&resourceVersion=7");
      const line = JSON.stringify({ type: "ADDED", object: { metadata: { name: "ä" } } });
      const bytes = Buffer.from(`${line}\n${line}\n`);
      response.write(bytes.subarray(0, 43));
      setTimeout(() => response.end(bytes.subarray(43)), 5);
    });
    const names: unknown[] = [];
    await source.watch("7", ({ type, object }) => names.push(type, object.metadata?.name), signal);
    assert.deepStrictEqual(names, ["ADDED", "ä", "ADDED", "ä"]);
  });

  it("rejects when the version has expired", async () => {
    const source = await sourceOf((_request, response) => {
      response.write(
        `${JSON.stringify({ type: "ERROR", object: { code: 410, message: "too old resource version" } })}\n`,
      );
    });
    await assert.rejects(
      source.watch("7", () => assert.fail("no event"), signal),
      {
        message: "watch of /api/v1/pods: too old resource version",
      },
    );
  });

  it("rejects when the connection breaks", async () => {
    const source = await sourceOf((_request, response) => {
      response.write("\n");
      setTimeout(() => response.destroy(), 5);
    });
    await assert.rejects(
      source.watch("7", () => assert.fail("no event"), signal),
      { message: "aborted" },
    );
  });

  it("ends a watch when told to", async () => {
    const source = await sourceOf((_request, response) => void response.write("\n"));
    const ending = new AbortController();
    setTimeout(() => ending.abort(), 5);
    await assert.rejects(
      source.watch("7", () => assert.fail("no event"), ending.signal),
      { message: /abort/ },
    );
  });

  it("says what the server refused", async () => {
    const source = await sourceOf((_request, response) => {
      response.writeHead(403).end(JSON.stringify({ kind: "Status", message: "pods is forbidden" }));
    });
    await assert.rejects(source.list(signal), {
      message: "GET /api/v1/pods answered 403: pods is forbidden",
    });
  });
});
