import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildImage, pushImage, type BuiltImage } from "../../../toolchain/image";

/** A registry of the distribution API, as far as pushing goes; it checks digests as a real one does. */
class Registry {
  readonly blobs = new Map<string, Buffer>();
  readonly manifests = new Map<string, { type: string | undefined; body: Buffer }>();
  readonly requests: string[] = [];
  refuseUploads = false;
  wantsLogin = false;
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      void this.answer(request).then(({ status, location }) => {
        response
          .writeHead(status, location ? { location } : {})
          .end(status === 507 ? "disk full" : undefined);
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; location?: string }> {
    const url = new URL(request.url!, "http://registry");
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    this.requests.push(`${request.method} ${url.pathname}`);
    if (this.wantsLogin) return { status: 401 };
    if (request.method === "HEAD")
      return { status: this.blobs.has(url.pathname.split("/").pop()!) ? 200 : 404 };
    if (request.method === "POST") {
      return this.refuseUploads ? { status: 507 } : { status: 202, location: "/v2/uploads/1?state=abc" };
    }
    const digest = url.searchParams.get("digest") ?? url.pathname.split("/").pop()!;
    if (digest !== `sha256:${createHash("sha256").update(body).digest("hex")}`) return { status: 400 };
    if (url.pathname.includes("/manifests/")) {
      this.manifests.set(digest, { type: request.headers["content-type"], body });
    } else {
      if (url.searchParams.get("state") !== "abc") return { status: 404 };
      this.blobs.set(digest, body);
    }
    return { status: 201 };
  }
}

describe("pushImage", () => {
  let dir: string;
  let image: BuiltImage;
  let registry: Registry;
  let address: string;
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), "slipway-push-"));
    const files = [{ path: "/data", content: "x".repeat(300_000) }];
    image = await buildImage({ name: "test/image", layers: [files], config: {} }, dir);
    registry = new Registry();
    address = await registry.listen();
  });
  afterEach(async () => {
    await registry.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it("uploads blobs first, then the manifest, and gives the reference with digest", async () => {
    const reference = await pushImage(image, address);
    assert.equal(reference, `${address}/test/image@${image.digest}`);
    assert.equal(registry.blobs.size, 2);
    assert.equal(registry.manifests.get(image.digest)?.type, "application/vnd.oci.image.manifest.v1+json");
    assert.match(registry.requests.at(-1)!, /^PUT \/v2\/test\/image\/manifests\//);
  });

  it("uploads no blob twice", async () => {
    await pushImage(image, address);
    registry.requests.length = 0;
    await pushImage(image, address, "test/other");
    assert.deepEqual(
      registry.requests.map((line) => line.split(" ")[0]),
      ["HEAD", "HEAD", "PUT"],
    );
  });

  it("names registry, repository and status when an upload is refused", async () => {
    registry.refuseUploads = true;
    await assert.rejects(pushImage(image, address), {
      name: "SlipwayError",
      message: `The registry ${address} refused an upload to "test/image" with status 507: disk full.`,
    });
  });

  it("finds repositories beneath a path", async () => {
    assert.equal(await pushImage(image, `${address}/team`), `${address}/team/test/image@${image.digest}`);
    assert.match(registry.requests.at(-1)!, /^PUT \/v2\/team\/test\/image\/manifests\//);
  });

  it("says that a registry wants a login", async () => {
    registry.wantsLogin = true;
    await assert.rejects(pushImage(image, address), {
      name: "SlipwayError",
      message: `The registry ${address} wants a login, and only one that takes uploads without is supported: name another.`,
    });
  });

  it("names the registry that does not answer", async () => {
    await registry.close();
    await assert.rejects(pushImage(image, address), {
      name: "SlipwayError",
      message: new RegExp(`^The registry ${address} did not answer: .*ECONNREFUSED`),
    });
    registry = new Registry();
    await registry.listen();
  });
});
