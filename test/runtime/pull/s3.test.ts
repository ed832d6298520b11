import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { pack } from "tar-stream";
import { fetchModel, type FetchOptions } from "../../../runtime/pull/fetch-model";
import { PullFailure } from "../../../runtime/pull/pull-failure";
import { parseReference } from "../../../runtime/pull/reference";
import { checkEndpoint } from "../../../runtime/pull/s3-access";
import { ACCESS_KEY, FakeS3, SECRET_KEY } from "../support/fake-s3";
import { modelFolder } from "../support/model-folder";
import { identityModel } from "../../support/onnx-model";
import { temporaryFolder } from "../../support/temporary-folder";

const sha256Of = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

describe("pull from S3", () => {
  const store = new FakeS3("models");
  const saved = { ...process.env };
  before(async function () {
    this.timeout(60_000);
    await store.start();
    // Nothing of this machine's own AWS configuration.
    const none = join(temporaryFolder("aws"), "none");
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: ACCESS_KEY,
      AWS_SECRET_ACCESS_KEY: SECRET_KEY,
      AWS_CONFIG_FILE: none,
      AWS_SHARED_CREDENTIALS_FILE: none,
      AWS_EC2_METADATA_DISABLED: "true",
    });
  });
  after(() => {
    process.env = saved;
    store.close();
  });
  beforeEach(() => store.reset());

  function staged(to: string): number {
    const sizes = readdirSync(to)
      .filter((name) => name.startsWith(".pull-"))
      .flatMap((dir) => readdirSync(join(to, dir)).map((name) => join(to, dir, name)))
      .filter((file) => file.endsWith(".partial"))
      .map((file) => statSync(file, { throwIfNoEntry: false })?.size ?? 0);
    return Math.max(0, ...sizes);
  }

  function pull(source: string, to: string, options: Partial<FetchOptions> = {}): Promise<string> {
    store.written = () => staged(to);
    const s3 = { endpoint: `http://${store.host}`, region: "eu-central-1", ...options.s3 };
    const wait = async () => undefined;
    return fetchModel(parseReference(source), { to, insecureRegistries: [store.host], wait, ...options, s3 });
  }

  async function refusal(source: string, options: Partial<FetchOptions> = {}): Promise<string> {
    const to = modelFolder({});
    const failure = await pull(source, to, options).then(
      () => assert.fail("the pull went through"),
      (error: unknown) => error,
    );
    assert.ok(failure instanceof PullFailure, String(failure));
    assert.deepEqual(readdirSync(to), [], "nothing may be left behind");
    return failure.message;
  }

  const model = randomBytes(300_000);

  it("installs the objects below a prefix, page by page, with signed requests", async () => {
    store.pageSize = 2;
    store.objects.set("team a/ocr/1/model.onnx", Buffer.from("one"));
    store.objects.set("team a/ocr/2/model.onnx", model);
    store.objects.set("team a/ocr/2/empty", Buffer.alloc(0));
    store.objects.set("team a/ocr/model.json", Buffer.from("{}"));
    store.objects.set("team a/ocr/", Buffer.alloc(0));
    store.objects.set("team a/ocr/.DS_Store", Buffer.from("x"));
    store.objects.set("team a/ocr-2/1/model.onnx", Buffer.from("another model"));
    const to = modelFolder({});
    assert.equal(await pull("s3://models/team a/ocr/", to), join(to, "ocr"));
    assert.deepEqual(readdirSync(join(to, "ocr")).sort(), ["1", "2", "model.json"]);
    assert.ok(readFileSync(join(to, "ocr/2/model.onnx")).equals(model));
    assert.equal(readFileSync(join(to, "ocr/2/empty")).length, 0);
    assert.equal(store.requests.filter((request) => request.includes(" list ")).length, 3);
  });

  it("installs a bare model and an archive", async () => {
    store.objects.set("ocr.onnx", model);
    const to = modelFolder({});
    await pull("s3://models/ocr.onnx", to, { version: "4", sha256: sha256Of(model) });
    assert.ok(readFileSync(join(to, "ocr/4/model.onnx")).equals(model));
    const archive = pack();
    archive.entry({ name: "1/model.onnx" }, "one");
    archive.finalize();
    const chunks: Buffer[] = [];
    for await (const chunk of archive) chunks.push(chunk as Buffer);
    store.objects.set("text.tar", Buffer.concat(chunks));
    await pull("s3://models/text.tar", to);
    assert.equal(readFileSync(join(to, "text/1/model.onnx"), "utf8"), "one");
  });

  it("verifies digests and signatures", async () => {
    store.objects.set("ocr/1/model.onnx", model);
    store.objects.set("ocr.onnx", model);
    const wrong = "0".repeat(64);
    assert.match(await refusal("s3://models/ocr", { sha256: wrong }), /^1\/model.onnx has the SHA-256/);
    assert.equal(
      await refusal("s3://models/ocr.onnx", { sha256: wrong }),
      `s3://models/ocr.onnx arrived with the digest sha256:${sha256Of(model)}, but must have sha256:${wrong}.`,
    );
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const publicKeys = [publicKey.export({ type: "spki", format: "pem" }) as string];
    assert.match(await refusal("s3://models/ocr.onnx", { publicKeys }), /`model.onnx` is not signed/);
    const signed = identityModel("float32", ["n"]);
    store.objects.set("ocr.onnx", signed);
    store.objects.set("ocr.onnx.sig", sign(null, signed, privateKey));
    const to = modelFolder({});
    await pull("s3://models/ocr.onnx", to, { publicKeys });
    assert.deepEqual(readdirSync(join(to, "ocr/1")).sort(), ["model.onnx", "model.onnx.sig"]);
  });

  it("goes on where the connection broke, also in a later pull", async () => {
    store.objects.set("ocr/1/model.onnx", model);
    store.breaks = [100_000, 50_000];
    const to = modelFolder({});
    await pull("s3://models/ocr", to);
    assert.deepEqual(store.requests.slice(1), [
      "GET ocr/1/model.onnx all",
      "GET ocr/1/model.onnx bytes=100000-",
      "GET ocr/1/model.onnx bytes=150000-",
    ]);
    assert.ok(readFileSync(join(to, "ocr/1/model.onnx")).equals(model));

    const again = modelFolder({});
    store.requests.length = 0;
    store.breaks = [100_000, 0, 0, 0, 0, 0];
    await assert.rejects(pull("s3://models/ocr", again));
    store.requests.length = 0;
    await pull("s3://models/ocr", again);
    assert.deepEqual(store.requests.slice(1), ["GET ocr/1/model.onnx bytes=100000-"]);
    assert.deepEqual(readdirSync(again), ["ocr"]);
  });

  it("refuses an object that changed while it was fetched", async () => {
    store.objects.set("ocr/1/model.onnx", model);
    store.breaks = [1000];
    const onRetry = () => void store.objects.set("ocr/1/model.onnx", randomBytes(300_000));
    assert.equal(
      await refusal("s3://models/ocr", { onRetry }),
      "s3://models/ocr/1/model.onnx cannot be fetched: the object changed while it was fetched; pull again.",
    );
  });

  it("asks without credentials where it is told to", async () => {
    store.signed = false;
    store.objects.set("ocr/1/model.onnx", model);
    const to = modelFolder({});
    await pull("s3://models/ocr", to, { s3: { anonymous: true } });
    assert.ok(readFileSync(join(to, "ocr/1/model.onnx")).equals(model));
  });

  it("tries again while the store fails", async () => {
    store.objects.set("ocr/1/model.onnx", model);
    store.failures = [503, 500];
    const retries: string[] = [];
    await pull("s3://models/ocr", modelFolder({}), {
      onRetry: (error) => retries.push((error as Error).message),
    });
    assert.deepEqual(retries, [
      "s3://models/ocr/ cannot be fetched: the store answered 503 (InternalError).",
      "s3://models/ocr/ cannot be fetched: the store answered 500 (InternalError).",
    ]);
  });

  it("says what is wrong", async () => {
    store.objects.set("ocr/../../evil", Buffer.from("x"));
    assert.equal(
      await refusal("s3://models/ocr"),
      "The bucket names a file (../../evil) that is no plain path inside a model's folder.",
    );
    assert.equal(await refusal("s3://models/none"), "s3://models/none holds no objects.");
    assert.equal(
      await refusal("s3://other/ocr"),
      "s3://other/ocr/ cannot be fetched: there is no such bucket.",
    );
    assert.equal(
      await refusal("s3://models/none.onnx"),
      "s3://models/none.onnx cannot be fetched: there is no such object.",
    );
    store.objects.set("big/1/model.onnx", model);
    assert.equal(
      await refusal("s3://models/big", { maxBytes: 1000 }),
      "s3://models/big holds 300000 bytes, more than `--max-bytes` (1000).",
    );
    process.env.AWS_SECRET_ACCESS_KEY = "wrong";
    try {
      assert.equal(
        await refusal("s3://models/big"),
        "s3://models/big/ cannot be fetched: the store refused the credentials (SignatureDoesNotMatch).",
      );
      delete process.env.AWS_SECRET_ACCESS_KEY;
      assert.equal(
        await refusal("s3://models/big"),
        "s3://models/big/ cannot be fetched: there are no AWS credentials in the environment, files or metadata service (`--s3-anonymous` asks without).",
      );
    } finally {
      process.env.AWS_SECRET_ACCESS_KEY = SECRET_KEY;
    }
  });

  it("speaks to an endpoint over plain HTTP only where that is allowed", () => {
    checkEndpoint("https://minio:9000", []);
    checkEndpoint("http://minio:9000", ["minio:9000"]);
    assert.throws(() => checkEndpoint("http://minio:9000", []), {
      message:
        "`--s3-endpoint` (http://minio:9000) speaks plain HTTP; use https://, or allow `--insecure-registries minio:9000`.",
    });
    assert.throws(() => checkEndpoint("minio:9000", []), {
      message: "`--s3-endpoint` (minio:9000) must be an address: https://host[:port].",
    });
  });
});
