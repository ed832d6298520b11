import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fetchModel, type FetchOptions } from "../../../runtime/pull/fetch-model";
import { PullFailure } from "../../../runtime/pull/pull-failure";
import { parseReference } from "../../../runtime/pull/reference";
import { readRegistryAuth } from "../../../runtime/pull/registry-auth";
import { FileServer } from "../support/file-server";
import { modelFolder } from "../support/model-folder";

const sha256Of = (bytes: Buffer | string) => createHash("sha256").update(bytes).digest("hex");

/** Bytes that are an ONNX model as far as its form goes: one long `doc_string`. */
function modelOf(size: number): Buffer {
  const length = size - 4;
  return Buffer.concat([
    Buffer.from([0x32, (length & 127) | 128, ((length >> 7) & 127) | 128, length >> 14]),
    randomBytes(length),
  ]);
}

/** Bytes of the download in a repository. */
function stagedBytes(to: string): number {
  const files = stagedFiles(to);
  return files.length === 0
    ? 0
    : Math.max(...files.map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0));
}

function stagedFiles(to: string): string[] {
  const folders = readdirSync(to).filter((name) => name.startsWith(".pull-"));
  return folders.flatMap((folder) =>
    readdirSync(join(to, folder))
      .filter((name) => name === "download" || name.endsWith(".partial"))
      .map((name) => join(to, folder, name)),
  );
}

describe("pull from a web server", () => {
  const server = new FileServer();
  before(() => server.start());
  after(() => server.close());
  beforeEach(() => server.reset());

  const waits: number[] = [];
  function pull(path: string, to: string, options: Partial<FetchOptions> = {}): Promise<string> {
    waits.length = 0;
    server.written = () => stagedBytes(to);
    const wait = async (ms: number) => void waits.push(ms);
    const source = parseReference(path.startsWith("/") ? server.url(path) : path);
    return fetchModel(source, { to, insecureRegistries: [server.host], wait, ...options });
  }

  async function refusal(
    path: string,
    options: Partial<FetchOptions> = {},
    to = modelFolder({}),
  ): Promise<string> {
    const failure = await pull(path, to, options).then(
      () => assert.fail("the pull went through"),
      (error: unknown) => error as PullFailure,
    );
    assert.ok(failure instanceof PullFailure, String(failure));
    assert.deepEqual(readdirSync(to), [], "nothing may be left behind");
    return failure.message;
  }

  const model = modelOf(300_000);
  const sha256 = sha256Of(model);

  it("installs a bare model as version 1, its digest pinned", async () => {
    server.files.set("/models/ocr.onnx", model);
    const to = modelFolder({});
    assert.equal(await pull("/models/ocr.onnx?signature=x", to, { sha256 }), join(to, "ocr"));
    assert.ok(readFileSync(join(to, "ocr/1/model.onnx")).equals(model));
    assert.deepEqual(JSON.parse(readFileSync(join(to, "ocr/model.json"), "utf8")), { sha256: { 1: sha256 } });
    assert.deepEqual(readdirSync(to), ["ocr"]);
  });

  it("takes name and version from the options, and the name from a folder where the file has none", async () => {
    server.files.set("/bert/3/model.onnx", model);
    const to = modelFolder({});
    await pull("/bert/3/model.onnx", to, { sha256, version: "3" });
    await pull("/bert/3/model.onnx", to, { sha256, name: "other" });
    assert.deepEqual(
      [readdirSync(join(to, "bert")), readdirSync(join(to, "other"))],
      [
        ["3", "model.json"],
        ["1", "model.json"],
      ],
    );
    assert.equal(
      await refusal("/bert/3/model.onnx", { sha256, version: "v3" }),
      "The version (v3, `--version`) must be a whole number from 1.",
    );
  });

  it("wants to know beforehand what the file is", async () => {
    await assert.rejects(pull("/ocr.onnx", modelFolder({})), {
      name: "UsageError",
      message: `\`--sha256\` or \`--public-key\` must be given with ${server.url("/ocr.onnx")}: an address does not say what lies there.`,
    });
  });

  it("refuses another digest and leaves nothing", async () => {
    server.files.set("/ocr.onnx", Buffer.from("other"));
    assert.equal(
      await refusal("/ocr.onnx", { sha256 }),
      `${server.url("/ocr.onnx")} arrived with the digest sha256:${sha256Of("other")}, but must have sha256:${sha256}.`,
    );
  });

  it("goes on where the connection broke", async () => {
    server.files.set("/ocr.onnx", model);
    server.breaks = [150_000, 50_000];
    const to = modelFolder({});
    await pull("/ocr.onnx", to, { sha256 });
    assert.deepEqual(server.requests, [
      "/ocr.onnx all",
      "/ocr.onnx bytes=150000-",
      "/ocr.onnx bytes=200000-",
    ]);
    assert.ok(readFileSync(join(to, "ocr/1/model.onnx")).equals(model));
  });

  it("counts attempts anew while they get somewhere, and gives up where they do not", async () => {
    const large = randomBytes(9_000_000);
    server.files.set("/ocr.onnx", large);
    server.breaks = Array(7).fill(1_200_000);
    await pull("/ocr.onnx", modelFolder({}), { sha256: sha256Of(large) });
    assert.equal(server.requests.length, 8);
    server.breaks = Array(9).fill(10);
    const to = modelFolder({});
    await assert.rejects(pull("/ocr.onnx", to, { sha256: sha256Of(large) }));
    assert.deepEqual(waits, [250, 500, 1000, 2000, 4000]);
  });

  it("starts over where the server takes no ranges", async () => {
    server.files.set("/ocr.onnx", model);
    server.ranges = false;
    server.breaks = [150_000];
    const to = modelFolder({});
    await pull("/ocr.onnx", to, { sha256 });
    assert.ok(readFileSync(join(to, "ocr/1/model.onnx")).equals(model));
  });

  it("never joins parts of two files: the tag tells, or else it starts over", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const publicKeys = [publicKey.export({ type: "spki", format: "pem" }) as string];
    const changed = modelOf(200_000);
    for (const tags of [true, false]) {
      server.reset();
      server.tags = tags;
      server.files.set("/ocr.onnx", model);
      server.files.set("/ocr.onnx.sig", sign(null, changed, privateKey));
      server.breaks = [150_000];
      const to = modelFolder({});
      const onRetry = () => void server.files.set("/ocr.onnx", changed);
      await pull("/ocr.onnx", to, { publicKeys, onRetry });
      assert.ok(readFileSync(join(to, "ocr/1/model.onnx")).equals(changed));
      assert.equal(readdirSync(join(to, "ocr/1")).join(), "model.onnx,model.onnx.sig");
      assert.equal(/bytes=/.test(server.requests.join()), tags);
    }
  });

  it("verifies the signature that lies beside the file", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const publicKeys = [publicKey.export({ type: "spki", format: "pem" }) as string];
    server.files.set("/ocr.onnx", model);
    assert.equal(
      await refusal("/ocr.onnx", { publicKeys }),
      "1/model.onnx was refused: `model.onnx` is not signed: `model.onnx.sig` is missing, but only signed models are taken. Nothing was installed.",
    );
    server.files.set("/ocr.onnx.sig", sign(null, randomBytes(9), privateKey));
    assert.match(await refusal("/ocr.onnx", { publicKeys }), /is of other bytes than `model.onnx`/);
    server.files.set("/ocr.onnx.sig", Buffer.alloc(5000));
    assert.match(await refusal("/ocr.onnx", { publicKeys }), /is not signed/);
  });

  it("follows redirects, but neither to plain HTTP elsewhere nor with its credentials", async () => {
    const other = new FileServer();
    await other.start();
    try {
      server.redirects.set("/ocr.onnx", other.url("/stored"));
      other.files.set("/stored", model);
      other.authorization = "none is sent";
      const authorization = () => "Basic c2VjcmV0";
      const insecureRegistries = [server.host, other.host];
      assert.equal(
        await refusal("/ocr.onnx", { sha256, authorization, insecureRegistries }),
        `${server.url("/ocr.onnx")} cannot be fetched: the server answered 401; \`--registry-auth-file\` takes credentials.`,
      );
      other.authorization = undefined;
      await pull("/ocr.onnx", modelFolder({}), { sha256, insecureRegistries });
      assert.equal(
        await refusal("/ocr.onnx", { sha256 }),
        `${other.url("/stored")} is not fetched over plain HTTP; use https://, or allow \`--insecure-registries ${other.host}\` and rely on the digest.`,
      );
      server.redirects.set("/ocr.onnx", "/ocr.onnx");
      assert.equal(
        await refusal("/ocr.onnx", { sha256 }),
        `${server.url("/ocr.onnx")} cannot be fetched: its redirects lead nowhere.`,
      );
    } finally {
      other.close();
    }
  });

  it("sends the credentials of a docker config", async () => {
    const auths = { [`https://${server.host}/v1/`]: { username: "ana", password: "pw" } };
    const file = join(modelFolder({ "config.json": JSON.stringify({ auths }) }), "config.json");
    server.files.set("/ocr.onnx", model);
    server.authorization = `Basic ${Buffer.from("ana:pw").toString("base64")}`;
    await pull("/ocr.onnx", modelFolder({}), { sha256, authorization: readRegistryAuth(file) });
    writeFileSync(file, "{");
    assert.throws(() => readRegistryAuth(file), {
      message: `\`--registry-auth-file\` (${file}) cannot be read: it is not valid JSON.`,
    });
    writeFileSync(file, "[]");
    assert.throws(() => readRegistryAuth(file), {
      message: `\`--registry-auth-file\` (${file}) must be a JSON object with \`auths\`, as \`docker login\` writes it.`,
    });
  });

  it("says what the server answered, and asks again where that may help", async () => {
    assert.equal(
      await refusal("/none.onnx", { sha256 }),
      `${server.url("/none.onnx")} cannot be fetched: the server answered 404.`,
    );
    assert.deepEqual(waits, []);
  });

  it("keeps to --max-bytes", async () => {
    server.files.set("/ocr.onnx", model);
    assert.equal(
      await refusal("/ocr.onnx", { sha256, maxBytes: 1000 }),
      `${server.url("/ocr.onnx")} is larger than \`--max-bytes\` (1000).`,
    );
  });

  describe("after a pull that ended early", () => {
    const begun = (to: string, bytes: Buffer, age: number) => {
      const dir = join(to, ".pull-dead");
      mkdirSync(dir);
      writeFileSync(join(dir, `sha256-${sha256}.partial`), bytes);
      const time = new Date(Date.now() - age);
      utimesSync(dir, time, time);
    };

    it("goes on where that one was, once it is dead", async () => {
      server.files.set("/ocr.onnx", model);
      const to = modelFolder({});
      begun(to, model.subarray(0, 123_456), 11_000);
      await pull("/ocr.onnx", to, { sha256 });
      assert.deepEqual(server.requests, ["/ocr.onnx bytes=123456-"]);
      assert.deepEqual(readdirSync(to), ["ocr"]);
    });

    it("fetches nothing that is there already, and everything where what is there is spoilt", async () => {
      server.files.set("/ocr.onnx", model);
      const to = modelFolder({});
      begun(to, model, 11_000);
      await pull("/ocr.onnx", to, { sha256 });
      assert.deepEqual(server.requests, ["/ocr.onnx bytes=300000-"]);
      begun(to, Buffer.alloc(1000), 11_000);
      await pull("/ocr.onnx", to, { sha256 });
      assert.deepEqual(server.requests.slice(1), ["/ocr.onnx bytes=1000-", "/ocr.onnx all"]);
      assert.ok(readFileSync(join(to, "ocr/1/model.onnx")).equals(model));
    });

    it("leaves what was downloaded for the next one when it gives up on a server", async () => {
      server.files.set("/ocr.onnx", model);
      server.breaks = [150_000, 0, 0, 0, 0, 0, 0, 0];
      const to = modelFolder({});
      await assert.rejects(pull("/ocr.onnx", to, { sha256 }));
      const [left] = readdirSync(to);
      assert.match(left!, /^\.pull-/);
      assert.ok(statSync(join(to, left!, `sha256-${sha256}.partial`)).size > 0);
      server.breaks = [];
      server.requests.length = 0;
      await pull("/ocr.onnx", to, { sha256 });
      assert.match(server.requests.join(), /^\/ocr.onnx bytes=\d+-$/);
      assert.deepEqual(readdirSync(to), ["ocr"]);
    });

    it("lets one alone that lives", async () => {
      server.files.set("/ocr.onnx", model);
      const to = modelFolder({});
      begun(to, model.subarray(0, 10), 0);
      const dir = join(to, ".pull-dead");
      const heartbeat = setInterval(() => utimesSync(dir, new Date(), new Date()), 100);
      try {
        await pull("/ocr.onnx", to, { sha256 });
        assert.deepEqual(server.requests, ["/ocr.onnx all"]);
        assert.deepEqual(readdirSync(to).sort(), [".pull-dead", "ocr"]);
      } finally {
        clearInterval(heartbeat);
      }
    });

    it("puts back a version that was moved away when it died", async () => {
      server.files.set("/ocr.onnx", model);
      const to = modelFolder({ "old/model.json": "{}" });
      begun(to, Buffer.alloc(0), 11_000);
      mkdirSync(join(to, ".pull-dead/replaced/old/7"), { recursive: true });
      writeFileSync(join(to, ".pull-dead/replaced/old/7/model.onnx"), "seven");
      utimesSync(join(to, ".pull-dead"), new Date(0), new Date(0));
      await pull("/ocr.onnx", to, { sha256 });
      assert.equal(readFileSync(join(to, "old/7/model.onnx"), "utf8"), "seven");
    });
  });
});
