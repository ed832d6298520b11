import assert from "node:assert";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { CertificateAuthority, InferenceService, Model, ModelRepository } from "../../../components";
import { readVerifiedModel } from "../../../runtime/models/model-trust";
import { fetchModel } from "../../../runtime/pull/fetch-model";
import { parseReference } from "../../../runtime/pull/reference";
import { declare, type Declaration } from "../support/declared";
import { IMAGE } from "../support/examples";
import { externalTensor, onnxFile, singleNode, TestFolder } from "../support/onnx-file";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

describe("uploadTo of a Model", () => {
  let folder: TestFolder;
  before(() => (folder = new TestFolder()));
  after(() => folder.remove());

  const bytes = onnxFile(singleNode({ op: "Relu", name: "n" }, 1));
  const relu = () => folder.write("relu.onnx", bytes);
  const weighty = () => {
    folder.write("w.bin", "1234");
    const node = singleNode({ op: "Relu" }, 1, { initializers: [externalTensor("w", "w.bin", 4)] });
    return folder.write("weighty.onnx", onnxFile(node));
  };
  const s3 = (model: Model, prefix = "") =>
    new ModelRepository("models", { kind: "s3", clusterName: "serving", prefix, models: model.references });
  const objects = (declared: Declaration) =>
    declared.resources
      .filter(({ type }) => type === "aws:s3/bucketObjectv2:BucketObjectv2")
      .sort((a, b) => a.name.localeCompare(b.name));

  it("uploads files, weights and options, encrypted with the repository's key", async () => {
    const file = weighty();
    const declared = await declare(() => {
      const model = new Model("m", {
        versions: [{ version: "4", file }],
        options: { lazy: true },
        tags: { team: "a" },
      });
      model.uploadTo(s3(model, "prod"));
    });
    const uploaded = objects(declared);
    assert.deepEqual(
      uploaded.map(({ name, inputs }) => [name, inputs.key]),
      [
        ["m-4-model.json", "prod/m/4/model.json"],
        ["m-4-model.onnx", "prod/m/4/4/model.onnx"],
        ["m-4-w.bin", "prod/m/4/4/w.bin"],
      ],
    );
    for (const { inputs } of uploaded) {
      assert.equal(inputs.serverSideEncryption, "aws:kms");
      assert.match(inputs.kmsKeyId, /^arn:/);
      assert.equal(inputs.checksumAlgorithm, "SHA256");
      assert.deepEqual(inputs.tags, { team: "a" });
    }
    assert.equal(uploaded[2]!.inputs.sourceHash, sha256(Buffer.from("1234")));
    assert.deepEqual(JSON.parse(uploaded[0]!.inputs.content), {
      lazy: true,
      sha256: { "4": uploaded[1]!.inputs.sourceHash, "4/w.bin": sha256(Buffer.from("1234")) },
    });
  });

  it("lays its files out as `slipway pull` takes them, which verifies them all", async () => {
    const file = weighty();
    const declared = await declare(() => {
      const model = new Model("m", { versions: [{ version: "4", file }], options: { lazy: true } });
      model.uploadTo(s3(model));
    });
    const stored = join(folder.path, "bucket");
    for (const { inputs } of objects(declared)) {
      const target = join(stored, inputs.key);
      mkdirSync(dirname(target), { recursive: true });
      if (inputs.content === undefined) copyFileSync(await inputs.source.path, target);
      else writeFileSync(target, inputs.content);
    }
    const to = join(folder.path, "pulled");
    const digest = sha256(readFileSync(file));
    const common = { to, name: "m", version: "4", sha256: digest, insecureRegistries: [] };
    await fetchModel(parseReference(`file:${stored}/m/4`), common);
    const config = JSON.parse(readFileSync(join(to, "m/model.json"), "utf8")) as {
      sha256: Record<string, string>;
    };
    const sideFiles = { "w.bin": config.sha256["4/w.bin"]! };
    const read = await readVerifiedModel(join(to, "m/4/model.onnx"), {
      sha256: config.sha256["4"],
      sideFiles,
    });
    assert.deepEqual(Buffer.from(read), readFileSync(file));
  });

  it("carries a baseline that lies beside a `model.onnx`, with its digest, and none that could be another model's", async () => {
    mkdirSync(join(folder.path, "trained"));
    const baseline = folder.write("trained/baseline.json", "{}");
    const own = folder.write("trained/model.onnx", bytes);
    const other = folder.write("trained/relu-5.onnx", bytes);
    const declared = await declare(() => {
      const model = new Model("m", {
        versions: [
          { version: "4", file: own },
          { version: "5", file: other },
        ],
      });
      model.uploadTo(s3(model));
    });
    const uploaded = objects(declared);
    assert.deepEqual(
      uploaded.map(({ inputs }) => inputs.key as string),
      ["m/4/4/baseline.json", "m/4/model.json", "m/4/4/model.onnx", "m/5/model.json", "m/5/5/model.onnx"],
    );
    assert.equal(await uploaded[0]!.inputs.source.path, baseline);
    assert.deepEqual(JSON.parse(uploaded[1]!.inputs.content), {
      sha256: { "4": sha256(bytes), "4/baseline.json": sha256(Buffer.from("{}")) },
    });
  });

  it("is over before a service makes its first pod of what was uploaded, and no other service waits for it", async () => {
    const file = relu();
    const order = async (isLate: (model: Model) => boolean) => {
      const declared = await declare(() => {
        const uploaded = new Model("m", { versions: [{ version: "4", file }] });
        const lying = new Model("lying", {
          versions: [{ version: "1", source: "lying/1/model.onnx", sha256: "a".repeat(64) }],
        });
        const models = [...uploaded.references, ...lying.references];
        const repository = new ModelRepository("models", { kind: "s3", clusterName: "serving", models });
        uploaded.uploadTo(repository);
        new InferenceService("text", {
          namespace: "ns",
          models: [uploaded, lying].find(isLate)!.references,
          repository,
          authority: new CertificateAuthority("authority"),
          image: IMAGE,
        });
      }, ["m-4-model.onnx"]);
      const names = declared.resources.map(({ name }) => name);
      return Math.sign(names.indexOf("text-deployment") - names.indexOf("m-4-model.onnx"));
    };
    assert.equal(await order((model) => model.references[0]!.name === "m"), 1);
    assert.equal(await order((model) => model.references[0]!.name === "lying"), -1);
  });

  it("gives references that a service takes", async () => {
    const file = relu();
    const declared = await declare(() => {
      const model = new Model("m", { versions: [{ version: "4", file }] });
      const repository = s3(model);
      model.uploadTo(repository);
      const authority = new CertificateAuthority("authority");
      new InferenceService("text", {
        namespace: "ns",
        models: model.references,
        repository,
        authority,
        image: IMAGE,
      });
    });
    const args = declared.object("Deployment", "text").spec.template.spec.initContainers[0].args as string[];
    assert.match(args.at(-1)!, /^s3:\/\/[^/]+\/m\/4$/);
    assert.equal(args[args.indexOf("--sha256") + 1], sha256(bytes));
  });

  it("refuses a repository that is no bucket, and one that does not list the model", async () => {
    const file = relu();
    await declare(() => {
      const model = new Model("m", { versions: [{ version: "1", file }] });
      assert.throws(() => model.uploadTo(new ModelRepository("oci", { models: [] })), {
        message:
          'Model "m": `repository`: is of kind "oci"; only into "s3" can models be uploaded; ' +
          "`versions[0]`: is not in the repository; list the model's `references` in its `models`",
      });
    });
  });

  it("refuses where everything lies somewhere already", async () => {
    await declare(() => {
      const version = { version: "1", source: "elsewhere/m.onnx", sha256: "a".repeat(64) };
      const model = new Model("m", { versions: [version] });
      assert.throws(() => model.uploadTo(s3(model)), {
        message: 'Model "m": `versions`: have a `source` each: there is nothing to upload',
      });
    });
  });
});
