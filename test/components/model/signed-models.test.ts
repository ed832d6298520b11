import assert from "node:assert";
import { createHash, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { rmSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import {
  CertificateAuthority,
  EdgeSite,
  InferenceService,
  ModelRepository,
  QueueWorker,
  ServerlessEndpoint,
  ServingStack,
  type ModelReference,
  type ModelRepositoryArgs,
} from "../../../components";
import { keyOf } from "../../../components/model/s3-repository";
import { parseLambdaOptions } from "../../../runtime/lambda/lambda-options";
import { readVerifiedModel } from "../../../runtime/models/model-trust";
import { readPublicKeys } from "../../../runtime/models/public-keys";
import { parseServerOptions } from "../../../runtime/options";
import { pull } from "../../../runtime/pull/pull-command";
import { declare, type Declaration } from "../support/declared";
import { DIGEST, IMAGE, model, stackArgs } from "../support/examples";
import { onnxFile, singleNode, TestFolder } from "../support/onnx-file";

const KEYS_PATH = "/etc/slipway/model-keys";
const pem = (key: KeyObject) => key.export({ type: "spki", format: "pem" }).toString();
const [FIRST, SECOND] = [generateKeyPairSync("ed25519"), generateKeyPairSync("ed25519")];
const [KEY, OTHER] = [pem(FIRST.publicKey), pem(SECOND.publicKey)];

const signed = (name: string, signatureKey?: string): ModelReference => ({
  ...model(name),
  ...(signatureKey === undefined ? {} : { signatureKey }),
});

const common = (repositoryArgs: ModelRepositoryArgs) => ({
  namespace: "ns",
  image: IMAGE,
  repository: new ModelRepository("models", repositoryArgs),
  models: repositoryArgs.models,
  authority: new CertificateAuthority("authority"),
});

const service = (args: ModelRepositoryArgs) =>
  declare(() => new InferenceService("text", { ...common(args), replicas: 1 }));

const podOf = (declared: Declaration, name = "text") =>
  declared.object("Deployment", name).spec.template.spec;

/** Data of the ConfigMap with the keys. */
const keysOf = (declared: Declaration, name = "text"): { name: string; data: Record<string, string> } => {
  const { metadata, data } = declared.resources.find((one) => one.name === `${name}-model-keys`)!.inputs;
  return { name: metadata.name, data };
};

function problemsOf(program: () => unknown): string[] {
  try {
    program();
  } catch (error) {
    assert.ok(pulumi.InputPropertiesError.isInstance(error), String(error));
    return error.errors.map(({ propertyPath, reason }) => `\`${propertyPath}\`: ${reason}`);
  }
  return [];
}

const refused = async (program: () => unknown): Promise<string[]> => {
  let problems: string[] = [];
  await declare(() => (problems = problemsOf(program)));
  return problems;
};

describe("signed models", () => {
  it("are asked for by each fetching container with its own key, and by the server with all of them", async () => {
    const declared = await service({ models: [signed("a", KEY), signed("b", OTHER), signed("c", KEY)] });
    const { name, data } = keysOf(declared);
    const files = Object.keys(data);
    assert.deepEqual(Object.values(data).sort(), [KEY, OTHER].sort());
    const { initContainers, containers, volumes } = podOf(declared);
    const fileOf = (key: string) => `${KEYS_PATH}/${files.find((file) => data[file] === key)}`;
    const given = initContainers.map(
      ({ args }: { args: string[] }) => args[args.indexOf("--public-key") + 1],
    );
    assert.deepEqual(given, [fileOf(KEY), fileOf(OTHER), fileOf(KEY)]);
    const options = declared.resources.find((one) => one.name === "text-options")!.inputs.data;
    assert.equal(options.SLIPWAY_MODEL_PUBLIC_KEYS, files.map((file) => `${KEYS_PATH}/${file}`).join(","));
    const mount = { name: "model-keys", mountPath: KEYS_PATH, readOnly: true };
    for (const { volumeMounts } of [...initContainers, ...containers])
      assert.deepEqual(
        volumeMounts.filter((one: { name: string }) => one.name === "model-keys"),
        [mount],
      );
    assert.deepEqual(
      volumes.filter((one: { name: string }) => one.name === "model-keys"),
      [{ name: "model-keys", configMap: { name } }],
    );
  });

  it("have the repository's key where they name none, and another one is another ConfigMap", async () => {
    const own = await service({ models: [signed("a"), signed("b", OTHER)], signatureKey: KEY });
    assert.deepEqual(Object.values(keysOf(own).data).sort(), [KEY, OTHER].sort());
    const all = await service({ models: [signed("a"), signed("b")], signatureKey: KEY });
    assert.deepEqual(Object.values(keysOf(all).data), [KEY]);
    assert.notEqual(keysOf(own).name, keysOf(all).name);
  });

  it("leave no trace where nothing is signed", async () => {
    const declared = await service({ models: [signed("a")] });
    assert.doesNotMatch(JSON.stringify(declared.resources), /model-keys|MODEL_PUBLIC_KEYS|--public-key/);
  });

  it("are told to the consumer of a queue and to an edge site, in the Job that fetches too", async () => {
    const models = [signed("a", KEY)];
    const worker = await declare(() => {
      const queue = {
        kind: "kafka",
        brokers: ["kafka.example.com:9093"],
        requests: "pages",
        results: "texts",
      } as const;
      return new QueueWorker("pages", { ...common({ models }), queue, brokerCidrs: ["10.0.0.0/8"] });
    });
    assert.ok(podOf(worker, "pages").initContainers[0].args.includes("--public-key"));
    const options = worker.resources.find(({ name }) => name === "pages-options")!.inputs.data;
    assert.match(options.SLIPWAY_MODEL_PUBLIC_KEYS, /\.pem$/);

    const apiKeys = `till sha256:${"c".repeat(64)} infer\n`;
    const site = async (key: string) =>
      declare(() => new EdgeSite("store", { ...common({ models: [signed("a", key)] }), apiKeys }));
    const declared = await site(KEY);
    const jobOf = (one: Declaration) => one.kind("Job")[0]!.inputs;
    const job = jobOf(declared).spec.template.spec;
    for (const pod of [podOf(declared, "store"), job]) {
      const pulls = [...(pod.initContainers ?? []), ...pod.containers].filter(
        ({ args }) => args[0] === "pull",
      );
      assert.ok(pulls.length > 0 && pulls.every(({ args }) => args.includes("--public-key")));
      assert.ok(pod.volumes.some(({ name }: { name: string }) => name === "model-keys"));
    }
    // Another key is another fetch: what lies on the disk is checked with it before the update goes on.
    assert.notEqual(jobOf(declared).metadata.name, jobOf(await site(OTHER)).metadata.name);
  });

  it("are told to a function, which has no files to name keys by", async () => {
    const image = `123456789012.dkr.ecr.eu-central-1.amazonaws.com/slipway/runtime@${DIGEST}`;
    const models = [{ name: "a", version: "1", sha256: "b".repeat(64) }];
    const declared = await declare(() => {
      const existing = { bucket: "my-models" };
      const args = { kind: "s3", clusterName: "serving", existing, models, signatureKey: KEY } as const;
      const repository = new ModelRepository("models", args);
      return new ServerlessEndpoint("ocr", { image, auth: { type: "iam" }, models, repository });
    });
    const { environment } = declared.resources.find(({ name }) => name === "ocr-function")!.inputs;
    const options = parseLambdaOptions([], environment.variables);
    assert.deepEqual(
      options.models.map(({ publicKey }) => publicKey),
      [KEY],
    );
    const { policy } = declared.resources.find(({ name }) => name === "ocr-model-policy")!.inputs;
    assert.deepEqual(JSON.parse(policy).Statement[0].Resource, [
      "arn:aws:s3:::my-models/a/1/model.onnx",
      "arn:aws:s3:::my-models/a/1/model.onnx.sig",
    ]);
    const wrong = JSON.stringify([{ ...options.models[0], publicKey: "secret" }]);
    assert.throws(() => parseLambdaOptions([], { ...environment.variables, SLIPWAY_MODELS: wrong }), {
      message:
        "`--models` must be a JSON list of models, each with `name`, `version`, `source`, `sha256`: " +
        "`publicKey` of model 1 must be an Ed25519 public key as PEM.",
    });
  });

  it("may be read with their signatures from a bucket, where those are objects of their own", () => {
    const at = (source: string, key = KEY) => keyOf({ ...signed("a", key), source }, "live");
    assert.deepEqual(at("a.onnx"), { key: "live/a.onnx", isFile: true, isSigned: true });
    assert.deepEqual(at("a.tar"), { key: "live/a.tar", isFile: true, isSigned: false });
    assert.deepEqual(at("a"), { key: "live/a", isFile: false, isSigned: false });
  });

  it("are not served together with unsigned ones, which the server would refuse", async () => {
    const models = [signed("a", KEY), signed("b")];
    const said =
      "`models[1]`: b/1 has no `signatureKey`, but a/1 has one: a server takes either signed models alone or any; " +
      "sign this one too, or serve it by itself";
    assert.deepEqual(await refused(() => new InferenceService("text", common({ models }))), [said]);
    const services = [{ name: "text", models, replicas: 1, maxReplicas: 1 }];
    assert.deepEqual(await refused(() => new ServingStack("s", { ...stackArgs(), services })), [
      said.replace("models[1]", "services[0].models[1]"),
    ]);
    const repository = { signatureKey: KEY };
    assert.deepEqual(
      await refused(() => new ServingStack("s", { ...stackArgs(), services, repository })),
      [],
    );
  });

  it("refuse what is no public key, of a model and of the repository", async () => {
    const said = /^`(\S+)`: must be one Ed25519 public key as PEM/;
    const secret = FIRST.privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const found = await refused(
      () => new ModelRepository("models", { models: [signed("a", secret)], signatureKey: "x" }),
    );
    assert.deepEqual(
      found.map((problem) => said.exec(problem)?.[1]),
      ["models[0].signatureKey", "signatureKey"],
    );
    assert.doesNotMatch(found.join(), /PRIVATE/);
  });

  it("cannot lose their key on the way to a service", async () => {
    const found = await refused(() => {
      const args = common({ models: [signed("a", KEY)] });
      return new InferenceService("text", { ...args, models: [signed("a")] });
    });
    assert.deepEqual(found, [
      "`models`: must have a/1 as the service has it, source, digest and `signatureKey`",
    ]);
  });

  describe("as a pod fetches them", () => {
    const bytes = onnxFile(singleNode({ op: "Relu", name: "n" }, 1));
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    let folder: TestFolder;
    beforeEach(() => (folder = new TestFolder()));
    afterEach(() => folder.remove());

    /** Runs what the init container of a service runs, with its volumes as folders. */
    const fetch = async (): Promise<Declaration> => {
      const models = [{ name: "m", version: "1", source: "m.onnx", sha256 }];
      const declared = await service({ kind: "pvc", claimName: "models", models, signatureKey: KEY });
      for (const [file, text] of Object.entries(keysOf(declared).data)) folder.write(file, text);
      const args = podOf(declared).initContainers[0].args as string[];
      const mapped = args
        .slice(1)
        .map((arg) =>
          arg === "/models"
            ? join(folder.path, "to")
            : arg.replace(KEYS_PATH, folder.path).replace("file:///repository", `file://${folder.path}`),
        );
      assert.equal(await pull(mapped), 0);
      return declared;
    };

    it("are taken with a signature by the key, as a server with the same keys does", async () => {
      folder.write("m.onnx", bytes);
      folder.write("m.onnx.sig", sign(null, bytes, FIRST.privateKey));
      const declared = await fetch();
      const file = join(folder.path, "to/m/1/model.onnx");
      const { data } = declared.resources.find(({ name }) => name === "text-options")!.inputs;
      const modelRepository = join(folder.path, "to");
      const given = { ...data, SLIPWAY_MODEL_REPOSITORY: modelRepository };
      const { modelPublicKeys } = parseServerOptions([], given);
      const keys = modelPublicKeys.map((path) => path.replace(KEYS_PATH, folder.path));
      const trust = { publicKeys: readPublicKeys("--model-public-keys", keys) };
      assert.deepEqual(Buffer.from(await readVerifiedModel(file, trust)), Buffer.from(bytes));
      folder.write("to/m/1/model.onnx", "altered");
      await assert.rejects(readVerifiedModel(file, trust), /of other bytes than `model.onnx`/);
    });

    for (const [what, signature] of [
      ["without a signature", undefined],
      ["with one by another key", () => sign(null, bytes, SECOND.privateKey)],
      ["with one of other bytes", () => sign(null, Buffer.from("other"), FIRST.privateKey)],
    ] as const) {
      it(`are refused ${what}`, async () => {
        folder.write("m.onnx", bytes);
        if (signature) folder.write("m.onnx.sig", signature());
        await assert.rejects(fetch(), /was refused: .*(not signed|not trusted)/);
        rmSync(join(folder.path, "to"), { recursive: true, force: true });
      });
    }
  });
});
