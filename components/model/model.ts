import { BucketObjectv2 } from "@pulumi/aws/s3/bucketObjectv2";
import * as pulumi from "@pulumi/pulumi";
import { byteQuantity } from "../internal/model-footprint";
import type { FileTensor } from "../internal/onnx/tensors";
import { Problems } from "../internal/validation";
import type { ModelRepository } from "./model-repository";
import type { ModelOptions } from "./model-options";
import type { ModelArgs, ResolvedModel, ResolvedVersion } from "./model-settings";
import type { ModelReference } from "./repository-models";
import { newestRead, resolveModel } from "./resolve-model";

/**
 * A model in its versions. Their ONNX files are read when the program runs, and what production could not run fails in the
 * preview: format and opset, operators and the types that they run on, tensors that requests cannot carry, weights that are
 * missing, versions that would break the clients of the one before.
 *
 * @example
 * const ocr = new Model("ocr", { versions: [{ version: "4", file: "models/ocr-4.onnx" }] });
 * const repository = new ModelRepository("models", { kind: "s3", clusterName: "serving", models: ocr.references });
 * ocr.uploadTo(repository);
 */
export class Model extends pulumi.ComponentResource {
  /** Its versions, for a ModelRepository, an InferenceService or a ServingStack. */
  readonly references: readonly ModelReference[];
  /** What requests of the newest version bring; empty where no file was read. */
  readonly inputs: readonly FileTensor[];
  /** What requests of the newest version are answered with; empty where no file was read. */
  readonly outputs: readonly FileTensor[];
  /** Opset of ai.onnx of the newest version; undefined where no file was read. */
  readonly opset: number | undefined;
  /** What the files of all versions take together, as in `2Gi`, for a service's `modelSize`; undefined where one was not read. */
  readonly size: string | undefined;
  private readonly settings: ResolvedModel;

  constructor(
    private readonly name: string,
    args: ModelArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("slipway:index:Model", name, {}, opts);
    this.settings = resolveModel(name, args);
    this.references = this.settings.versions.map((version) => this.reference(version));
    const newest = newestRead(this.settings.versions);
    this.inputs = newest?.inputs ?? [];
    this.outputs = newest?.outputs ?? [];
    this.opset = newest?.opset;
    this.size = sizeOf(this.settings.versions);
    this.registerOutputs({
      references: [...this.references],
      inputs: [...this.inputs],
      outputs: [...this.outputs],
      opset: this.opset,
      size: this.size,
    });
  }

  /** `model.json` as it is uploaded beside a version: the options and the digests of its files. */
  configurationOf(version: string): ModelOptions {
    const { options, versions } = this.settings;
    const found = versions.find((one) => one.version === version);
    const weights = (found?.files?.files ?? []).filter(({ name }) => !name.endsWith(".sig"));
    const digests = weights.map(({ name, sha256 }) => [
      name === "model.onnx" ? version : `${version}/${name}`,
      sha256,
    ]);
    return { ...options, sha256: Object.fromEntries(digests) as Record<string, string> };
  }

  /**
   * Uploads the versions that do not lie somewhere already, encrypted with the repository's key and with their checksums.
   * Services of them that are declared after this call wait for the upload before they make their first pod.
   * @param repository of kind "s3", which lists the model's `references`
   * @throws InputPropertiesError with every problem
   */
  uploadTo(repository: ModelRepository): void {
    const { bucket } = repository;
    const problems = new Problems("Model", this.name);
    if (!bucket)
      problems.add("repository", `is of kind "${repository.kind}"; only into "s3" can models be uploaded`);
    this.references.forEach(({ name, version, sha256 }, i) =>
      problems.check(
        repository.models.some(
          (one) => one.name === name && one.version === version && one.sha256 === sha256,
        ),
        `versions[${i}]`,
        `is not in the repository; list the model's \`references\` in its \`models\``,
      ),
    );
    const uploaded = this.settings.versions.filter(({ source }) => source === undefined);
    problems.check(uploaded.length > 0, "versions", "have a `source` each: there is nothing to upload");
    problems.throwIfAny();
    for (const version of uploaded) this.upload(version, bucket!, repository);
    repository.addUpload(
      uploaded.map((version) => this.reference(version)),
      this,
    );
  }

  private upload(
    { version, files }: ResolvedVersion,
    bucket: NonNullable<ModelRepository["bucket"]>,
    repository: ModelRepository,
  ): void {
    const { modelName, tags } = this.settings;
    const folder = [bucket.prefix, modelName, version].filter((part) => part !== "").join("/");
    const object = (name: string, key: string, content: object): BucketObjectv2 =>
      new BucketObjectv2(
        `${this.name}-${version}-${name}`,
        {
          bucket: bucket.name,
          key: `${folder}/${key}`,
          region: bucket.region,
          ...content,
          ...(bucket.keyArn
            ? { serverSideEncryption: "aws:kms", kmsKeyId: bucket.keyArn, bucketKeyEnabled: true }
            : { serverSideEncryption: "AES256" }),
          checksumAlgorithm: "SHA256",
          tags: { ...tags },
        },
        // The bucket's protection is in force before anything lies in it.
        { parent: this, dependsOn: [repository] },
      );
    for (const { name, path, sha256 } of files?.files ?? []) {
      object(name, `${version}/${name}`, {
        source: new pulumi.asset.FileAsset(path),
        sourceHash: sha256,
        contentType: "application/octet-stream",
      });
    }
    object("model.json", "model.json", {
      content: JSON.stringify(this.configurationOf(version), null, 2),
      contentType: "application/json",
    });
  }

  private reference({ version, source, sha256 }: ResolvedVersion): ModelReference {
    const { modelName: name, signatureKey } = this.settings;
    return {
      name,
      version,
      source: source ?? `${name}/${version}`,
      sha256,
      ...(signatureKey === undefined ? {} : { signatureKey }),
    };
  }
}

function sizeOf(versions: readonly ResolvedVersion[]): string | undefined {
  const bytes = versions.map(({ files }) => files?.bytes ?? NaN).reduce((sum, each) => sum + each, 0);
  return Number.isNaN(bytes) ? undefined : byteQuantity(bytes);
}
