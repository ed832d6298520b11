import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fetchModel, type FetchOptions } from "../../../runtime/pull/fetch-model";
import { installFailure } from "../../../runtime/pull/install-failure";
import { parseReference } from "../../../runtime/pull/reference";
import { withRetries } from "../../../runtime/pull/retry";
import { PullFailure } from "../../../runtime/pull/pull-failure";
import { digestOf, TestRegistry } from "../support/test-registry";
import { modelFolder } from "../support/model-folder";

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

  describe("with --sha256 of a folder whose model has weights in files of their own", () => {
    /** A length-delimited field of protobuf. */
    const field = (number: number, ...parts: (Buffer | string)[]) => {
      const body = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
      const length = body.length < 128 ? [body.length] : [(body.length & 127) | 128, body.length >> 7];
      return Buffer.concat([Buffer.of((number << 3) | 2, ...length), body]);
    };
    const tensor = (location: string, where: number[]) =>
      field(5, field(13, field(1, "location"), field(2, location)), Buffer.of(14 << 3, ...where));
    /** Wider than what is read of the file at a time. */
    const inline = Array.from({ length: 50 }, () => field(5, field(9, "w".repeat(4000))));
    const modelOf = (location: string, where = [1]) => {
      const graph = Buffer.concat([...inline, tensor(location, where)]);
      const length = [(graph.length & 127) | 128, ((graph.length >> 7) & 127) | 128, graph.length >> 14];
      return Buffer.concat([Buffer.of((7 << 3) | 2, ...length), graph]);
    };
    const model = modelOf("w.bin");
    const sha256 = digestOf(model).slice(7);
    const folder = (files: Record<string, string | Buffer>) =>
      `file:${modelFolder(Object.fromEntries(Object.entries(files).map(([path, content]) => [`ocr/${path}`, content])))}/ocr`;
    const config = (digests: Record<string, string>) => JSON.stringify({ sha256: digests });
    const uncovered = (name: string) =>
      `1/model.onnx was refused: It has weights in \`${name}\`, which \`--sha256\` does not cover: give \`--public-key\`, pull an archive, or have the source's \`model.json\` give the digest of \`1/${name}\`. Nothing was installed.`;

    it("refuses weights without a digest, wherever they are said to lie", async () => {
      const source = folder({ "1/model.onnx": model, "1/w.bin": "evil" });
      assert.equal(await refusal(source, { sha256 }), uncovered("w.bin"));
      const places: [string, number[]][] = [
        ["../w.bin", [1]],
        // 2^63 + 1, of which protobuf takes the lower 32 bits.
        ["w.bin", [0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]],
      ];
      for (const [location, where] of places) {
        const other = modelOf(location, where);
        const from = folder({
          "1/model.onnx": other,
          "1/w.bin": "evil",
          "model.json": config({ "1/v.bin": "0".repeat(64) }),
        });
        assert.equal(await refusal(from, { sha256: digestOf(other).slice(7) }), uncovered(location));
      }
    });

    it("takes those that have the digest of `model.json`, and no others", async () => {
      const weights = digestOf("weights").slice(7);
      const files = { "1/model.onnx": model, "model.json": config({ "1": sha256, "1/w.bin": weights }) };
      const to = modelFolder({});
      await pull(folder({ ...files, "1/w.bin": "weights" }), to, { sha256 });
      assert.equal(readFileSync(join(to, "ocr/1/w.bin"), "utf8"), "weights");
      assert.equal(
        await refusal(folder({ ...files, "1/w.bin": "evil" }), { sha256 }),
        `1/model.onnx was refused: Its weights in \`w.bin\` have the SHA-256 ${digestOf("evil").slice(7)}, but the source's \`model.json\` says ${weights}. Nothing was installed.`,
      );
      assert.match(
        await refusal(folder(files), { sha256 }),
        /Its weights in `w\.bin` cannot be read \(ENOENT\)\. Nothing/,
      );
    });

    it("takes an artifact as it is, whose digest covers all of its files", async () => {
      const to = modelFolder({});
      await pull(registry.push({ "1/model.onnx": model, "1/w.bin": "weights" }), to, { sha256 });
      assert.ok(existsSync(join(to, "add/1/w.bin")));
    });
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
    const waits: number[] = [];
    await pull(registry.push({ "1/model.onnx": "one" }), to, { wait: async (ms) => void waits.push(ms) });
    assert.deepEqual(waits, [250, 500]);
    assert.ok(existsSync(join(to, "add/1/model.onnx")));
  });

  it("gets itself the token that public registries hand out", async () => {
    registry.token = "t0k3n";
    const to = modelFolder({});
    await pull(registry.push({ "1/model.onnx": "one" }), to);
    registry.token = undefined;
    assert.ok(existsSync(join(to, "add/1/model.onnx")));
  });

  it("does not hand its credentials to whom a host asks for them that the registry leads to", async () => {
    const asked: (string | undefined)[] = [];
    const thief = createServer(({ url, headers }, response) => {
      if (url !== "/token")
        response.writeHead(401, { "www-authenticate": `Bearer realm="http://${host}/token"` });
      asked.push(`${url} ${headers.authorization}`);
      response.end();
    });
    await new Promise<void>((resolve) => thief.listen(0, "127.0.0.1", resolve));
    const host = `127.0.0.1:${(thief.address() as AddressInfo).port}`;
    registry.leadsTo = `http://${host}/blob`;
    const source = registry.push({ "1/model.onnx": "one" });
    const hosts = { insecureRegistries: [registry.host, host], authorization: () => "Basic c2VjcmV0" };
    await assert.rejects(pull(source, modelFolder({}), hosts), /the registry answered 401 for blobs/);
    registry.leadsTo = undefined;
    thief.close();
    assert.deepEqual(asked, ["/blob undefined"]);
  });

  it("goes on where a layer broke off, with another token where the first has ended", async () => {
    const content = "x".repeat(50_000);
    const source = registry.push({ "1/model.onnx": content });
    const to = modelFolder({});
    registry.token = "t0k3n";
    registry.breakAfter = 20_000;
    registry.written = () => {
      const [staging] = readdirSync(to).filter((name) => name.startsWith(".pull-"));
      const [partial] = staging
        ? readdirSync(join(to, staging)).filter((name) => name.endsWith(".partial"))
        : [];
      return partial ? readFileSync(join(to, staging!, partial)).length : 0;
    };
    registry.requests.length = 0;
    await pull(source, to, { wait: async () => undefined });
    registry.token = undefined;
    assert.equal(readFileSync(join(to, "add/1/model.onnx"), "utf8"), content);
    const blob = digestOf(content).slice(0, 14);
    const ranges = registry.requests.filter((request) => request.startsWith(blob));
    assert.deepEqual(ranges, [`${blob} all`, `${blob} bytes=20000-`, `${blob} bytes=20000-`]);
  });

  it("sends credentials to the registry's token service", async () => {
    const source = registry.push({ "1/model.onnx": "private" });
    registry.token = "t0k3n";
    registry.login = "Basic YW5hOnB3";
    try {
      assert.match(
        await refusal(source),
        /the registry wants credentials; `--registry-auth-file` takes them\.$/,
      );
      assert.match(
        await refusal(source, { authorization: () => "Basic d3Jvbmc=" }),
        /the registry refused the credentials of `--registry-auth-file`\.$/,
      );
      const to = modelFolder({});
      await pull(source, to, {
        authorization: (host) => (host === registry.host ? registry.login : undefined),
      });
      assert.ok(existsSync(join(to, "add/1/model.onnx")));
    } finally {
      registry.token = registry.login = undefined;
    }
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
      `The model source (${from}/none) must be an existing folder of a model, or a file that ends in .onnx, .tar, .tar.gz, .tgz.`,
    );
  });
});

describe("installFailure", () => {
  for (const [code, reason] of [
    ["ENOSPC", "its volume has no space left; an archive needs room for itself and for what is in it"],
    ["EROFS", "its volume is read-only"],
    ["EACCES", "this user may not write there"],
    ["EIO", "EIO: i/o error, write"],
  ]) {
    it(`says that ${reason}`, () => {
      const error = Object.assign(new Error(`${code}: i/o error, write`), { code });
      const { message, transient } = installFailure("file:/x", "/models", error);
      assert.deepEqual([message, transient], [`file:/x cannot be installed in /models: ${reason}.`, false]);
    });
  }
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
