import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { renameSync, statSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { externalDataFiles } from "../../../runtime/models/external-data";
import {
  readSealedModel,
  readVerifiedModel,
  verifyModel,
  type FileTrust,
} from "../../../runtime/models/model-trust";
import { readPublicKeys } from "../../../runtime/models/public-keys";
import { openSealed, type SessionLibrary } from "../../../runtime/models/session-options";
import { identityModel } from "../../support/onnx-model";
import { modelFolder } from "../support/model-folder";

const sha256 = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex");

function keys() {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return { pem: publicKey.export({ type: "spki", format: "pem" }) as string, privateKey };
}

/** Protobuf by hand: a length-delimited field, and a number. */
const bytesField = (field: number, ...content: (Buffer | string)[]) => {
  const body = Buffer.concat(content.map((part) => Buffer.from(part as string)));
  assert.ok(body.length < 128 && field * 8 + 2 < 16384);
  const tag = field * 8 + 2;
  return Buffer.concat([
    Buffer.from(tag < 128 ? [tag] : [(tag & 127) | 128, tag >> 7]),
    Buffer.from([body.length]),
    body,
  ]);
};
const numberField = (field: number, value: number) => Buffer.from([field * 8, value]);
const externalTensor = (location: string, dataLocation = 1) => [
  bytesField(13, bytesField(1, "offset"), bytesField(2, "0")),
  bytesField(13, bytesField(1, "location"), bytesField(2, location)),
  numberField(14, dataLocation),
];
/** A model whose graph keeps an initializer in a file of its own. */
const modelWithWeightsIn = (location: string, dataLocation?: number) =>
  Buffer.concat([numberField(1, 8), bytesField(7, bytesField(5, ...externalTensor(location, dataLocation)))]);

describe("verifyModel", () => {
  const bytes = identityModel("float32", [1]);
  const mine = keys();
  const other = keys();
  const signature = sign(null, bytes, mine.privateKey);

  it("takes bytes with the digest and a signature by any of the keys, raw or in base64", () => {
    const publicKeys = [other.pem, mine.pem];
    verifyModel(bytes, { sha256: sha256(bytes), signature, publicKeys });
    verifyModel(bytes, { signature: Buffer.from(`${signature.toString("base64")}\n`), publicKeys });
    verifyModel(bytes, { signature: Buffer.from(signature.toString("base64url")), publicKeys });
    verifyModel(bytes, {});
  });

  const altered = Buffer.from(bytes);
  altered[altered.length - 1]! ^= 1;
  const foreign =
    "The signature in `model.onnx.sig` is of other bytes than `model.onnx`, or by a key that is not trusted.";
  const refused: [string, Uint8Array, Parameters<typeof verifyModel>[1], string][] = [
    [
      "another digest",
      bytes,
      { sha256: "0".repeat(64) },
      `\`model.onnx\` has the SHA-256 ${sha256(bytes)}, but \`model.json\` pins ${"0".repeat(64)}; fetch the model again or correct the digest.`,
    ],
    [
      "no signature",
      bytes,
      { publicKeys: [mine.pem] },
      "`model.onnx` is not signed: `model.onnx.sig` is missing, but only signed models are taken.",
    ],
    ["altered bytes", altered, { signature, publicKeys: [mine.pem] }, foreign],
    ["a signature by another key", bytes, { signature, publicKeys: [other.pem] }, foreign],
    [
      "a signature cut short",
      bytes,
      { signature: signature.subarray(0, 63), publicKeys: [mine.pem] },
      "`model.onnx.sig` is no Ed25519 signature: it must be 64 bytes, or those in base64.",
    ],
    [
      "an empty signature",
      bytes,
      { signature: new Uint8Array(0), publicKeys: [mine.pem] },
      "`model.onnx.sig` is no Ed25519 signature: it must be 64 bytes, or those in base64.",
    ],
  ];
  for (const [what, content, trust, message] of refused) {
    it(`refuses ${what}`, () => assert.throws(() => verifyModel(content, trust), { message }));
  }
});

describe("readVerifiedModel", () => {
  const read = (dir: string, trust: FileTrust) => readVerifiedModel(join(dir, "model.onnx"), trust);

  it("takes a signature that openssl made", async () => {
    const bytes = identityModel("float32", ["n", 3]);
    const dir = modelFolder({ "model.onnx": bytes });
    const openssl = (...argv: string[]) => execFileSync("openssl", argv, { cwd: dir, stdio: "ignore" });
    openssl("genpkey", "-algorithm", "ed25519", "-out", "key.pem");
    openssl("pkey", "-in", "key.pem", "-pubout", "-out", "public.pem");
    const pair = ["-inkey", "key.pem", "-in", "model.onnx", "-out", "model.onnx.sig"];
    openssl("pkeyutl", "-sign", "-rawin", ...pair);
    const publicKeys = readPublicKeys("--model-public-keys", [join(dir, "public.pem")]);
    assert.deepEqual(await read(dir, { publicKeys }), bytes);
    writeFileSync(join(dir, "model.onnx"), identityModel("float32", ["n", 4]));
    await assert.rejects(
      read(dir, { publicKeys }),
      /^Error: The signature in `model.onnx.sig` is of other bytes/,
    );
  });

  it("says what cannot be read, without its path", async () => {
    const dir = modelFolder({ "empty/model.onnx": "" });
    await assert.rejects(read(dir, {}), { message: "`model.onnx` cannot be read (ENOENT)." });
    await assert.rejects(read(join(dir, "empty"), {}), { message: "`model.onnx` is empty." });
  });

  describe("with weights in files of their own", () => {
    const bytes = modelWithWeightsIn("model.onnx_data");
    const files = () => modelFolder({ "model.onnx": bytes, "model.onnx_data": "weights" });
    const pinned = { sha256: sha256(bytes) };

    it("asks for nothing where neither digest nor signature is asked for", async () => {
      assert.deepEqual(await read(files(), {}), bytes);
    });

    it("takes them where each has a digest, and refuses them without or with another", async () => {
      const good = { ...pinned, sideFiles: { "model.onnx_data": sha256("weights") } };
      assert.deepEqual(await read(files(), good), bytes);
      await assert.rejects(read(files(), pinned), {
        message:
          "`model.onnx` has weights in `model.onnx_data`, for which `sha256` in `model.json` has no digest; add `<version>/model.onnx_data` to it or keep the weights inside the model.",
      });
      const bad = { ...pinned, sideFiles: { "model.onnx_data": sha256("others") } };
      await assert.rejects(read(files(), bad), {
        message: `\`model.onnx_data\` has the SHA-256 ${sha256("weights")}, but \`model.json\` pins ${sha256("others")}; fetch the model again or correct the digest.`,
      });
    });

    it("wants a signature of each where models must be signed", async () => {
      const { pem, privateKey } = keys();
      const dir = files();
      writeFileSync(join(dir, "model.onnx.sig"), sign(null, bytes, privateKey));
      await assert.rejects(read(dir, { publicKeys: [pem] }), {
        message:
          "`model.onnx_data` is not signed: `model.onnx_data.sig` is missing, but only signed models are taken.",
      });
      writeFileSync(join(dir, "model.onnx_data.sig"), sign(null, Buffer.from("weights"), privateKey));
      assert.deepEqual(await read(dir, { publicKeys: [pem] }), bytes);
    });

    it("takes a signature of their digest, which needs them in memory no more", async () => {
      const { pem, privateKey } = keys();
      const dir = files();
      const signed = { publicKeys: [pem] };
      const signs = (text: string) =>
        writeFileSync(join(dir, "model.onnx_data.sig"), sign(null, Buffer.from(text), privateKey));
      writeFileSync(join(dir, "model.onnx.sig"), sign(null, bytes, privateKey));
      const line = execFileSync("sha256sum", ["model.onnx_data"], { cwd: dir, encoding: "utf8" });
      signs(line);
      const { weights } = await readSealedModel(join(dir, "model.onnx"), signed, 0);
      assert.equal(weights.length, 1);
      signs("weights");
      assert.equal((await readSealedModel(join(dir, "model.onnx"), signed)).weights.length, 1);
      const large = {
        message:
          "`model.onnx_data` has 7 bytes, but no file of more than 6 can be checked against a signature of its own bytes, and `model.onnx_data.sig` is none of its digest by a key that is trusted; sign the line that `sha256sum model.onnx_data` prints instead.",
      };
      await assert.rejects(readSealedModel(join(dir, "model.onnx"), signed, 6), large);
      for (const other of [line.replace(/^../, "00"), line.replace("model", "modal"), line.trim()]) {
        signs(other);
        await assert.rejects(readSealedModel(join(dir, "model.onnx"), signed, 6), large);
        await assert.rejects(
          read(dir, signed),
          /^Error: The signature in `model.onnx_data.sig` is of other bytes/,
        );
      }
      await assert.rejects(readSealedModel(join(dir, "model.onnx"), { publicKeys: [keys().pem] }, 6));
    });

    describe("which change while onnxruntime reads them", () => {
      const good = { ...pinned, sideFiles: { "model.onnx_data": sha256("weights") } };
      /** A library that takes any model, and does something on the way. */
      const library = (during: () => void) => {
        const released: number[] = [];
        const session = { release: () => Promise.resolve(released.push(1)) };
        const create = () => Promise.resolve((during(), session));
        const listSupportedBackends = () => [{ name: "cpu" }];
        const ort = { InferenceSession: { create }, listSupportedBackends } as unknown as SessionLibrary;
        return { ort, released };
      };
      const open = async (dir: string, during: () => void) => {
        const file = join(dir, "model.onnx");
        const { ort, released } = library(during);
        const opened = openSealed(ort, await readSealedModel(file, good), { file, intraOpThreads: 1 });
        return { opened, released };
      };
      const changes: [string, (file: string) => void][] = [
        ["another content of the same size", (file) => writeFileSync(file, "WEIGHTS")],
        [
          "another content under the old times",
          (file) => {
            const { atime, mtime } = statSync(file);
            writeFileSync(file, "WEIGHTS");
            utimesSync(file, atime, mtime);
          },
        ],
        [
          "another file that takes its place and gives it back",
          (file) => {
            renameSync(file, `${file}.old`);
            writeFileSync(file, "WEIGHTS");
            renameSync(`${file}.old`, file);
          },
        ],
        ["no file", (file) => unlinkSync(file)],
        [
          "a link to another",
          (file) => {
            writeFileSync(`${file}.new`, "WEIGHTS");
            unlinkSync(file);
            symlinkSync(`${file}.new`, file);
          },
        ],
      ];
      for (const [what, change] of changes) {
        it(`refuses ${what}`, async () => {
          const dir = files();
          const { opened, released } = await open(dir, () => change(join(dir, "model.onnx_data")));
          await assert.rejects(opened, {
            message:
              "`model.onnx_data` was changed while the model was being loaded, after it had been checked; load the model again when the file is complete.",
          });
          assert.equal(released.length, 1);
        });
      }

      it("takes them where nothing changes", async () => {
        const { opened, released } = await open(files(), () => undefined);
        await opened;
        assert.equal(released.length, 0);
      });
    });

    it("refuses those outside of the model's folder", async () => {
      for (const location of ["../secret", "/etc/passwd", "a/b", ""]) {
        const outside = modelWithWeightsIn(location);
        await assert.rejects(read(modelFolder({ "model.onnx": outside }), { sha256: sha256(outside) }), {
          message: `\`model.onnx\` has weights in \`${location}\`, which is no plain file beside it; a model with a digest or a signature must not have those.`,
        });
      }
    });
  });
});

describe("externalDataFiles", () => {
  it("finds none in a model that holds its weights", () => {
    assert.deepEqual(externalDataFiles(identityModel("float32", ["n"])), []);
    assert.deepEqual(externalDataFiles(modelWithWeightsIn("x", 0)), []);
  });

  it("finds them in constants, in branches, in functions and in sparse tensors", () => {
    const inNode = (field: number, location: string) =>
      bytesField(5, bytesField(field, ...externalTensor(location)));
    const branch = bytesField(5, bytesField(6, bytesField(5, ...externalTensor("branch"))));
    for (const [model, file] of [
      [bytesField(7, bytesField(1, inNode(5, "constant"))), "constant"],
      [bytesField(7, bytesField(1, inNode(10, "list"))), "list"],
      [bytesField(7, bytesField(1, branch)), "branch"],
      [bytesField(25, bytesField(7, inNode(5, "function"))), "function"],
      [bytesField(7, bytesField(15, bytesField(1, ...externalTensor("sparse")))), "sparse"],
    ] as const) {
      assert.deepEqual(externalDataFiles(model), [file]);
    }
  });

  it("refuses bytes that are no protobuf message", () => {
    for (const bytes of [[0x3a, 0x7f, 1], [0xff, 0xff], [0x0b], [0x09, 1], Array(12).fill(0xff)]) {
      assert.throws(() => externalDataFiles(Uint8Array.from(bytes as number[])), {
        message: "`model.onnx` is not an ONNX model.",
      });
    }
  });
});

describe("readPublicKeys", () => {
  it("reads several keys of a file, for a rotation", () => {
    const [first, second] = [keys().pem, keys().pem];
    const dir = modelFolder({ "keys.pem": `# old\n${first}# new\n${second}` });
    assert.deepEqual(readPublicKeys("--model-public-keys", [join(dir, "keys.pem")]), [first, second]);
  });

  it("refuses what is no Ed25519 public key", () => {
    const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 });
    const secret = generateKeyPairSync("ed25519").privateKey.export({
      type: "pkcs8",
      format: "pem",
    }) as string;
    const spki = rsa.publicKey.export({ type: "spki", format: "pem" }) as string;
    for (const content of [
      secret,
      spki,
      "",
      "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
    ]) {
      const file = join(modelFolder({ "key.pem": content }), "key.pem");
      assert.throws(() => readPublicKeys("--model-public-keys", [file]), {
        name: "UsageError",
        message: `\`--model-public-keys\` (${file}) must hold Ed25519 public keys as PEM (\`-----BEGIN PUBLIC KEY-----\`) and nothing else.`,
      });
    }
    assert.throws(() => readPublicKeys("--model-public-keys", ["/none.pem"]), {
      message: "`--model-public-keys` (/none.pem) cannot be read: it does not exist.",
    });
  });
});
