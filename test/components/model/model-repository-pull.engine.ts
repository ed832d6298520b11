import assert from "node:assert";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { dirname, join } from "node:path";
import { ModelRepository, type ModelReference, type ModelRepositoryArgs } from "../../../components";
import { pullContainer } from "../../../components/internal/model-pull";
import { pull } from "../../../runtime/pull/pull-command";
import { ACCESS_KEY, FakeS3, SECRET_KEY } from "../../runtime/support/fake-s3";
import { onnxModel } from "../../support/onnx-model";
import { temporaryFolder } from "../../support/temporary-folder";
import { LocalServer } from "../../runtime/support/local-server";
import { declare } from "../support/declared";
import { IMAGE } from "../support/examples";
import { valueOf } from "../support/repositories";

/** What the agent of EKS Pod Identity does on a node: it gives credentials to whom shows a token. */
class PodIdentityAgent extends LocalServer {
  protected answer({ url, headers }: IncomingMessage, response: ServerResponse): void {
    if (url !== "/v1/credentials" || headers.authorization !== "the pod's token") {
      return void response.writeHead(403).end();
    }
    const Expiration = new Date(Date.now() + 3_600_000).toISOString();
    const credentials = {
      AccessKeyId: ACCESS_KEY,
      SecretAccessKey: SECRET_KEY,
      Token: "session",
      Expiration,
    };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(credentials));
  }
}

const tensor = (name: string) => ({ name, type: "float32", shape: [1] }) as const;
const bytes = onnxModel([{ op: "Identity", inputs: ["x"], outputs: ["y"] }], [tensor("x")], [tensor("y")]);
const sha256 = createHash("sha256").update(bytes).digest("hex");
const folder = () => temporaryFolder("repository");

describe("ModelRepository and `slipway pull`", () => {
  const store = new FakeS3("acme-models");
  const agent = new PodIdentityAgent();
  const saved = process.env;
  let tokens = "";
  before(() => Promise.all([store.start(), agent.start()]));
  after(() => {
    store.close();
    agent.close();
  });
  beforeEach(() => {
    store.reset();
    tokens = folder();
    writeFileSync(join(tokens, "eks-pod-identity-token"), "the pod's token");
    // What a pod's containers have, and nothing of this machine.
    process.env = {
      PATH: saved.PATH,
      HOME: tokens,
      SLIPWAY_S3_ENDPOINT: `http://${store.host}`,
      SLIPWAY_INSECURE_REGISTRIES: store.host,
    };
  });
  afterEach(() => {
    process.env = saved;
  });

  /** Where the agent and the token are that a pod has at fixed places. */
  const onThisMachine = (value: string) =>
    value
      .replace("http://169.254.170.23/", `http://${agent.host}/`)
      .replace("/var/run/secrets/pods.eks.amazonaws.com/serviceaccount", tokens);

  /** Runs what the init container of a service runs. @returns the folder that takes the place of /models */
  async function fetched(
    args: ModelRepositoryArgs,
    moved: (argument: string) => string = (argument) => argument,
  ): Promise<string> {
    let repository!: ModelRepository;
    await declare(() => {
      repository = new ModelRepository("models", args);
    });
    const container = pullContainer(args.models[0]!, IMAGE, repository.access(args.models));
    for (const { name, value } of container.env as { name: string; value: string }[]) {
      process.env[name] = onThisMachine(await valueOf(value));
    }
    const to = folder();
    const [command, ...rest] = await Promise.all((container.args as string[]).map((arg) => valueOf(arg)));
    assert.equal(command, "pull");
    const output = process.stdout.write;
    process.stdout.write = () => true;
    try {
      await pull(rest.map((argument) => moved(argument === "/models" ? to : argument)));
    } finally {
      process.stdout.write = output;
    }
    return to;
  }

  const s3 = (model: ModelReference, prefix: string): ModelRepositoryArgs => ({
    kind: "s3",
    clusterName: "serving",
    existing: { bucket: "acme-models", region: "eu-west-1" },
    prefix,
    models: [model],
  });

  it("fetches an object with the credentials of the pod", async () => {
    store.objects.set("live/ocr/4/model.onnx", bytes);
    const to = await fetched(s3({ name: "ocr", version: "4", sha256 }, "live"));
    assert.ok(readFileSync(join(to, "ocr/4/model.onnx")).equals(bytes));
    // An object is asked for by its name alone: nothing is listed, which the grant would not allow.
    assert.deepEqual(store.requests, ["HEAD live/ocr/4/model.onnx all", "GET live/ocr/4/model.onnx all"]);
  });

  it("lists no more than the model's folder where the source is one", async () => {
    store.objects.set("text/4/model.onnx", bytes);
    store.objects.set("text/model.json", Buffer.from("{}"));
    store.objects.set("text-2/4/model.onnx", Buffer.from("another model"));
    const to = await fetched(s3({ name: "ocr", version: "4", sha256, source: "text" }, ""));
    assert.ok(readFileSync(join(to, "ocr/4/model.onnx")).equals(bytes));
    assert.deepEqual(store.requests, [
      "GET list text/ all",
      "GET text/4/model.onnx all",
      "GET text/model.json all",
    ]);
  });

  it("refuses what has another digest", async () => {
    store.objects.set("ocr/4/model.onnx", Buffer.from("changed"));
    await assert.rejects(
      fetched(s3({ name: "ocr", version: "4", sha256 }, "")),
      /arrived with the digest sha256:[0-9a-f]{64}, but must have sha256:/,
    );
  });

  it("has no other credentials where the pod has none", async () => {
    writeFileSync(join(tokens, "eks-pod-identity-token"), "another token");
    await assert.rejects(
      fetched(s3({ name: "ocr", version: "4", sha256 }, "")),
      /there are no AWS credentials in the environment, files or metadata service/,
    );
    assert.deepEqual(store.requests, []);
  });

  it("copies from a volume", async () => {
    const volume = folder();
    const file = join(volume, "live/ocr/4/model.onnx");
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    const model = { name: "text", version: "4", sha256, source: "ocr/4/model.onnx" };
    const moved = (argument: string) => argument.replace("file:///repository/", `file://${volume}/`);
    const to = await fetched({ kind: "pvc", claimName: "share", prefix: "live", models: [model] }, moved);
    assert.ok(readFileSync(join(to, "text/4/model.onnx")).equals(bytes));
  });
});
