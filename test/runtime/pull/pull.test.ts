import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fetchModel, type FetchOptions } from "../../../runtime/pull/fetch-model";
import { parseReference } from "../../../runtime/pull/reference";
import { withRetries } from "../../../runtime/pull/retry";
import { PullFailure } from "../../../runtime/pull/pull-failure";
import { modelFolder } from "../support/model-folder";

const digestOf = (bytes: Buffer | string) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

/** A registry of blobs and manifests by digest; `failures` requests are answered 503 first. */
class TestRegistry {
  readonly blobs = new Map<string, Buffer>();
  failures = 0;
  token: string | undefined;
  private readonly server: Server = createServer((request, response) => {
    const digest = decodeURIComponent(request.url ?? "")
      .split("/")
      .pop()!;
    if (request.url?.startsWith("/token")) return void response.end(JSON.stringify({ token: this.token }));
    if (this.token && request.headers.authorization !== `Bearer ${this.token}`) {
      return void response
        .writeHead(401, { "www-authenticate": `Bearer realm="http://${this.host}/token",service="s"` })
        .end();
    }
    if (this.failures-- > 0) return void response.writeHead(503).end();
    const blob = this.blobs.get(digest);
    response.writeHead(blob ? 200 : 404).end(blob);
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  /** @returns the artifact's reference */
  push(files: Record<string, string>, annotations?: Record<string, string>): string {
    const layers = Object.entries(files).map(([title, content]) => {
      const bytes = Buffer.from(content);
      this.blobs.set(digestOf(bytes), bytes);
      return {
        digest: digestOf(bytes),
        size: bytes.length,
        annotations: { "org.opencontainers.image.title": title },
      };
    });
    const manifest = Buffer.from(JSON.stringify({ schemaVersion: 2, layers, annotations }));
    this.blobs.set(digestOf(manifest), manifest);
    return `oci://${this.host}/models/add@${digestOf(manifest)}`;
  }
}

describe("pull", () => {
  const registry = new TestRegistry();
  before(() => registry.start());
  after(() => registry.close());

  function pull(source: string, to: string, options: Partial<FetchOptions> = {}): Promise<string> {
    return fetchModel(parseReference(source), { to, insecureRegistries: [registry.host], ...options });
  }

  async function refusal(source: string, options: Partial<FetchOptions> = {}): Promise<string> {
    const to = modelFolder({});
    const failure = await pull(source, to, options).then(
      () => assert.fail("the pull went through"),
      (error: unknown) => error as PullFailure,
    );
    assert.ok(failure instanceof PullFailure, String(failure));
    assert.deepEqual(readdirSync(to), [], "nothing may be left behind");
    return failure.message;
  }

  it("installs an artifact under its own name", async () => {
    const to = modelFolder({});
    const source = registry.push(
      { "4/model.onnx": "four", "model.json": "{}" },
      { "dev.slipway.model.name": "text" },
    );
    assert.equal(await pull(source, to), join(to, "text"));
    assert.equal(readFileSync(join(to, "text/4/model.onnx"), "utf8"), "four");
    assert.deepEqual(readdirSync(to), ["text"]);
  });

  it("falls back to the repository's last part, and takes the name that is given", async () => {
    const to = modelFolder({});
    const source = registry.push({ "1/model.onnx": "one" });
    await pull(source, to);
    await pull(source, to, { name: "other" });
    assert.deepEqual(readdirSync(to).sort(), ["add", "other"]);
  });

  it("adds a version to those that are there, and keeps their digests", async () => {
    const to = modelFolder({
      "add/1/model.onnx": "one",
      "add/model.json": '{"instances":2,"sha256":{"1":"a"}}',
    });
    await pull(registry.push({ "2/model.onnx": "two", "model.json": '{"sha256":{"2":"b"}}' }), to);
    assert.deepEqual(readdirSync(join(to, "add")).sort(), ["1", "2", "model.json"]);
    const config = JSON.parse(readFileSync(join(to, "add/model.json"), "utf8"));
    assert.deepEqual(config, { instances: 2, sha256: { "1": "a", "2": "b" } });
  });

  it("replaces a version that is there, and running it again changes nothing", async () => {
    const to = modelFolder({ "add/1/model.onnx": "old", "add/1/stray": "" });
    const source = registry.push({ "1/model.onnx": "new" });
    await pull(source, to);
    await pull(source, to);
    assert.equal(readFileSync(join(to, "add/1/model.onnx"), "utf8"), "new");
    assert.ok(!existsSync(join(to, "add/1/stray")));
  });

  it("installs the version that is asked for alone", async () => {
    const to = modelFolder({});
    const source = registry.push({ "1/model.onnx": "one", "2/model.onnx": "two" });
    await pull(source, to, { version: "2" });
    assert.deepEqual(readdirSync(join(to, "add")), ["2"]);
    assert.equal(
      await refusal(source, { version: "3" }),
      "The source has no version 3 (`--version`); it has 1, 2.",
    );
  });

  it("verifies --sha256", async () => {
    const sha256 = "0".repeat(64);
    const actual = digestOf("one").slice(7);
    assert.equal(
      await refusal(registry.push({ "1/model.onnx": "one" }), { sha256 }),
      `1/model.onnx has the SHA-256 ${actual}, but \`--sha256\` says ${sha256}; nothing was installed.`,
    );
  });

  it("refuses a layer and a manifest that differ from their digests", async () => {
    const source = registry.push({ "1/model.onnx": "one" });
    registry.blobs.set(digestOf("one"), Buffer.from("two"));
    assert.match(await refusal(source), /arrived with the digest sha256:/);
    registry.blobs.set(digestOf("one"), Buffer.from("much longer"));
    assert.match(await refusal(source), /is larger than the 3 bytes it should be/);
    registry.blobs.set(source.split("@")[1]!, Buffer.from("{}"));
    assert.match(await refusal(source), /its manifest has the digest sha256:/);
  });

  it("refuses files outside the model's folder and artifacts without a model", async () => {
    assert.equal(
      await refusal(registry.push({ "../evil/model.onnx": "x" })),
      "The artifact names a file (../evil/model.onnx) that is no plain path inside a model's folder.",
    );
    assert.equal(
      await refusal(registry.push({ readme: "x" })),
      "The source holds no `<version>/model.onnx`.",
    );
  });

  it("tries again while the registry is not up yet", async () => {
    registry.failures = 2;
    const to = modelFolder({});
    await pull(registry.push({ "1/model.onnx": "one" }), to);
    assert.ok(existsSync(join(to, "add/1/model.onnx")));
  });

  it("gets itself the token that public registries hand out", async () => {
    registry.token = "t0k3n";
    const to = modelFolder({});
    await pull(registry.push({ "1/model.onnx": "one" }), to);
    registry.token = undefined;
    assert.ok(existsSync(join(to, "add/1/model.onnx")));
  });

  it("says what the registry answered", async () => {
    const source = `oci://${registry.host}/models/none@sha256:${"1".repeat(64)}`;
    assert.match(
      await refusal(source),
      /cannot be fetched: the registry answered 404 for manifests\/sha256:1/,
    );
  });

  it("copies a folder of this machine", async () => {
    const from = modelFolder({ "add/1/model.onnx": "one" });
    const to = modelFolder({});
    await pull(`file:${from}/add`, to);
    assert.equal(readFileSync(join(to, "add/1/model.onnx"), "utf8"), "one");
    assert.equal(
      await refusal(`file:${from}/none`),
      `The model source (${from}/none) must be an existing folder of a model.`,
    );
  });
});

describe("parseReference", () => {
  it("wants a digest", () => {
    for (const source of [
      "oci://host/repo:latest",
      "oci://host/repo",
      "https://host/x",
      "oci://host/repo@sha256:abc",
    ]) {
      assert.throws(() => parseReference(source), {
        message: `The model source (${source}) must be \`oci://<registry>/<repository>@sha256:<64 hex digits>\` or \`file:<folder of a model>\`.`,
      });
    }
  });
});

describe("withRetries", () => {
  const run = async (errors: Error[]) => {
    const waits: number[] = [];
    const work = async () => {
      const error = errors.shift();
      if (error) throw error;
      return "done";
    };
    const result = await withRetries(
      work,
      () => undefined,
      async (ms) => void waits.push(ms),
    ).catch((error: Error) => error.message);
    return { result, waits };
  };

  it("waits longer each time and gives up after six attempts", async () => {
    const transient = () => new PullFailure("busy", true);
    assert.deepEqual(await run([transient(), transient()]), { result: "done", waits: [250, 500] });
    const six = Array.from({ length: 6 }, transient);
    assert.deepEqual(await run(six), { result: "busy", waits: [250, 500, 1000, 2000, 4000] });
  });

  it("does not repeat what cannot go better", async () => {
    assert.deepEqual(await run([new PullFailure("wrong digest")]), { result: "wrong digest", waits: [] });
  });
});
