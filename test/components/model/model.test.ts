import assert from "node:assert";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { truncateSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { Model, type ModelArgs } from "../../../components";
import { declare } from "../support/declared";
import { externalTensor, onnxFile, singleNode, TestFolder, type TestModel } from "../support/onnx-file";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

describe("Model", () => {
  let folder: TestFolder;
  before(() => (folder = new TestFolder()));
  after(() => folder.remove());

  const bytes = onnxFile(singleNode({ op: "Relu", name: "n" }, 1));
  const write = (name: string, model: TestModel) => folder.write(name, onnxFile(model));
  const relu = () => folder.write("relu.onnx", bytes);
  const made = async (args: ModelArgs, name = "m"): Promise<Model> => {
    let model!: Model;
    await declare(() => (model = new Model(name, args)));
    return model;
  };
  const refusal = async (args: ModelArgs, name = "m"): Promise<string> => {
    try {
      await made(args, name);
    } catch (error) {
      assert.ok(pulumi.InputPropertiesError.isInstance(error), String(error));
      return error.message.replaceAll(folder.path, "DIR");
    }
    return "";
  };

  it("says what its newest version takes, gives and was written for", async () => {
    const old = write("old.onnx", singleNode({ op: "Relu" }, 1, { opsets: { "": 13 } }));
    const versions = [
      { version: "10", file: relu() },
      { version: "9", file: old },
    ];
    const model = await made({ versions, modelName: "text.rec" });
    assert.deepEqual(model.inputs, [{ name: "x", datatype: "FP32", shape: [-1, 3] }]);
    assert.deepEqual(model.outputs, [{ name: "y", datatype: "FP32", shape: [-1, 3] }]);
    assert.equal(model.opset, 17);
    assert.equal(model.size, "1Mi");
    assert.deepEqual(model.references[0], {
      name: "text.rec",
      version: "10",
      source: "text.rec/10",
      sha256: sha256(bytes),
    });
  });

  it("refers to what lies somewhere already without reading it", async () => {
    const version = { version: "1", source: "https://models.example.com/m.onnx", sha256: "a".repeat(64) };
    const model = await made({ versions: [version] });
    assert.deepEqual(model.references, [{ name: "m", ...version }]);
    assert.deepEqual([model.inputs, model.opset, model.size], [[], undefined, undefined]);
  });

  it("reports every mistake at once", async () => {
    const double = write("double.onnx", singleNode({ op: "Conv", name: "n" }, 11));
    assert.equal(
      await refusal(
        {
          versions: [
            { version: "0", file: join(folder.path, "none.onnx") },
            { version: "2", file: double, sha256: "A" },
            { version: "2" },
          ],
          signatureKey: "secret",
        },
        "a/b",
      ),
      [
        'Model "a/b": `name`: "a/b" must be 1 to 63 letters, digits, ".", "_" or "-", beginning with a letter or digit',
        "`signatureKey`: must be one Ed25519 public key as PEM (`-----BEGIN PUBLIC KEY-----`), as `openssl pkey -pubout` writes it",
        '`versions[0].version`: "0" must be a positive whole number, as in "1"',
        '`versions[0].file`: "DIR/none.onnx" cannot be read (ENOENT)',
        '`versions[1].sha256`: "A" must be 64 lower-case hex digits',
        '`versions[1].file`: "DIR/double.onnx": operator "Conv" of ai.onnx (node "n", opset 17): onnxruntime 1.30.0 does not run it on float64 on the CPU, but on float32, float16; cast its input, or export the model in another precision',
        `\`versions[1].sha256\`: "A" is not the SHA-256 of "DIR/double.onnx", which is ${sha256(onnxFile(singleNode({ op: "Conv", name: "n" }, 11)))}`,
        '`versions[2].version`: "2" is also versions[1]',
        "`versions[2]`: must have `file`, or both `source` and `sha256`",
      ].join("; "),
    );
  });

  const wrong: [string, () => ModelArgs, string][] = [
    ["no version", () => ({ versions: [] }), "`versions`: must have at least one"],
    [
      "another provider",
      () => ({ versions: [{ version: "1", file: relu() }], provider: "tpu" as "cpu" }),
      '`provider`: "tpu" must be one of cpu, cuda',
    ],
    [
      "a digest that the file does not have",
      () => ({ versions: [{ version: "1", file: relu(), sha256: "0".repeat(64) }] }),
      `\`versions[0].sha256\`: "${"0".repeat(64)}" is not the SHA-256 of "DIR/relu.onnx", which is ${sha256(bytes)}`,
    ],
    [
      "inputs other than those declared",
      () => ({
        versions: [{ version: "1", file: relu() }],
        inputs: [
          { name: "x", datatype: "FP16", shape: [-1, 3] },
          { name: "mask", datatype: "BOOL", shape: [1] },
        ],
      }),
      '`versions[0].file`: "DIR/relu.onnx": input "x" is FP16 [-1, 3] in `inputs` and FP32 [-1, 3] in the file; `versions[0].file`: "DIR/relu.onnx": input "mask" is BOOL [1] in `inputs` and missing in the file',
    ],
    [
      "outputs other than those declared",
      () => ({
        versions: [{ version: "1", file: relu() }],
        outputs: [{ name: "z", datatype: "FP32", shape: [-1, 4] }],
      }),
      '`versions[0].file`: "DIR/relu.onnx": output "z" is FP32 [-1, 4] in `outputs` and missing in the file; `versions[0].file`: "DIR/relu.onnx": output "y" is missing in `outputs` and FP32 [-1, 3] in the file',
    ],
    [
      "declarations that are none",
      () => ({
        versions: [{ version: "1", file: relu() }],
        inputs: [],
        outputs: [{ name: "y", datatype: "FLOAT" as "FP32", shape: [-2] }],
      }),
      "`inputs`: must name at least one tensor, or be left out; " +
        '`outputs[0].datatype`: "FLOAT" must be one of BOOL, BYTES, FP16, FP32, FP64, INT16, INT32, INT64, INT8, UINT16, UINT32, UINT64, UINT8; ' +
        "`outputs[0].shape`: [-2] must be whole numbers of at least 0, or -1 for a free one; " +
        '`versions[0].file`: "DIR/relu.onnx": input "x" is missing in `inputs` and FP32 [-1, 3] in the file; ' +
        '`versions[0].file`: "DIR/relu.onnx": output "y" is FLOAT [-2] in `outputs` and FP32 [-1, 3] in the file',
    ],
    [
      "a version that breaks the clients of the one before",
      () => ({
        versions: [
          { version: "10", file: write("ten.onnx", singleNode({ op: "Relu" }, 10)) },
          { version: "9", file: relu() },
        ],
      }),
      '`versions[0].file`: input "x" is FP32 [-1, 3] in version 9 and FP16 [-1, 3] in version 10, output "y" is FP32 [-1, 3] in version 9 and FP16 [-1, 3] in version 10: its clients would break; give it a name of its own, or set `allowSignatureChange`',
    ],
    [
      "weights that are elsewhere",
      () => ({
        versions: [
          {
            version: "1",
            file: write(
              "up.onnx",
              singleNode({ op: "Relu" }, 1, { initializers: [externalTensor("w", "../w", 4)] }),
            ),
          },
        ],
      }),
      '`versions[0].file`: "DIR/up.onnx" has weights in "../w", which must be the name of a file beside it, of letters, digits, "_", ".", "@", "+" and "-"',
    ],
    [
      "weights that are missing",
      () => ({
        versions: [
          {
            version: "1",
            file: write(
              "gone.onnx",
              singleNode({ op: "Relu" }, 1, { initializers: [externalTensor("w", "gone.bin", 4)] }),
            ),
          },
        ],
      }),
      '`versions[0].file`: "DIR/gone.onnx" has weights in "DIR/gone.bin", which is not there',
    ],
    [
      "weights that were cut off",
      () => {
        truncateSync(folder.write("cut.bin", "1234"), 3);
        const file = write(
          "cut.onnx",
          singleNode({ op: "Relu" }, 1, { initializers: [externalTensor("w", "cut.bin", 4)] }),
        );
        return { versions: [{ version: "1", file }] };
      },
      '`versions[0].file`: "DIR/cut.onnx" has weights in "DIR/cut.bin", which has 3 bytes of the 4 that it needs',
    ],
    [
      "options of a version that lies elsewhere",
      () => ({
        versions: [{ version: "1", source: "https://r.example/m.onnx", sha256: "a".repeat(64) }],
        options: { lazy: true },
      }),
      "`options`: cannot be written for versions[0], which lies at its `source` already; write them into the model.json there",
    ],
    [
      "options that contradict the model",
      () => ({
        versions: [{ version: "1", file: relu() }],
        options: {
          sha256: {},
          batchng: {},
          instances: "2",
          batching: { maxBatchSize: 1.5 },
          versionPolicy: { latest: "all" },
          execution: { providers: ["cuda"] },
          labels: { stable: "2" },
          validation: { z: { min: 0 } },
        },
      }),
      "`options.sha256`: follows from the files; leave it out; " +
        "`options.batchng`: is no field of model.json, which has instances, maxConcurrentRequests, batching, queue, execution, warmup, lazy, validation, cache, feedback, drift, payloads, versionPolicy, labels here; " +
        '`options.instances`: "2" must be a whole number; ' +
        "`options.batching.maxBatchSize`: 1.5 must be a whole number; " +
        '`options.versionPolicy.latest`: "all" must be a whole number; ' +
        '`options.execution.providers`: [cuda] does not fit `provider` "cpu"; leave it out, and it follows from that; ' +
        '`options.labels.stable`: "2" is no version of this model, which has 1; ' +
        "`options.validation.z`: is no input of the model, which has x",
    ],
    [
      "more tags than S3 takes",
      () => ({
        versions: [{ version: "1", file: relu() }],
        tags: Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`t${i}`, "v"])),
      }),
      "`tags`: 11 are too many: an object of S3 has at most 10",
    ],
  ];
  for (const [what, args, sentence] of wrong) {
    it(`refuses ${what}`, async () => assert.equal(await refusal(args()), `Model "m": ${sentence}`));
  }

  it("takes versions that differ where that is allowed, and precisions of the GPU", async () => {
    const versions = [
      { version: "1", file: relu() },
      { version: "2", file: write("double.onnx", singleNode({ op: "Conv" }, 11)) },
    ];
    const model = await made({ versions, allowSignatureChange: true, provider: "cuda" });
    assert.deepEqual(model.configurationOf("1").execution, { providers: ["cuda", "cpu"] });
  });

  describe("with a signature key", () => {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const signatureKey = publicKey.export({ type: "spki", format: "pem" }).toString();

    it("takes files that it signed, in both forms", async () => {
      for (const form of ["raw", "base64"] as const) {
        const signature = sign(null, bytes, privateKey);
        const file = folder.write("signed.onnx", bytes);
        folder.write("signed.onnx.sig", form === "raw" ? signature : `${signature.toString("base64")}\n`);
        assert.equal(await refusal({ versions: [{ version: "1", file }], signatureKey }), "");
      }
    });

    it("refuses a file without signature, one that is none, and one of other bytes", async () => {
      const file = folder.write("unsigned.onnx", bytes);
      const versions = [{ version: "1", file }];
      const said = () => refusal({ versions, signatureKey });
      const sentence = (text: string) => `Model "m": \`versions[0].file\`: ${text}`;
      assert.equal(
        await said(),
        sentence(
          '"DIR/unsigned.onnx" is not signed: "DIR/unsigned.onnx.sig" is not there, but `signatureKey` is given',
        ),
      );
      folder.write("unsigned.onnx.sig", "short");
      assert.equal(
        await said(),
        sentence('"DIR/unsigned.onnx.sig" is no Ed25519 signature: it must be 64 bytes, or those in base64'),
      );
      folder.write("unsigned.onnx.sig", sign(null, Buffer.from("other"), privateKey));
      assert.equal(
        await said(),
        sentence(
          'the signature in "DIR/unsigned.onnx.sig" is of other bytes than "DIR/unsigned.onnx", or not by `signatureKey`',
        ),
      );
    });

    it("refuses a private key and one of another kind", async () => {
      const versions = [{ version: "1", file: relu() }];
      const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey;
      for (const key of [
        privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
        ec.export({ type: "spki", format: "pem" }).toString(),
      ]) {
        assert.match(
          await refusal({ versions, signatureKey: key }),
          /^Model "m": `signatureKey`: must be one Ed25519/,
        );
      }
    });
  });
});
