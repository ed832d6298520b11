import * as pulumi from "@pulumi/pulumi";
import type { ModelAccess } from "../internal/model-access";
import { signatureKeyProblem } from "../internal/signature-key";
import { Problems } from "../internal/validation";
import {
  checkOciRepository,
  ociAccess,
  ociSourceProblem,
  OCI_DEFAULTS,
  type OciRepositoryArgs,
} from "./oci-repository";
import { checkPvcRepository, pvcSourceProblem, VolumeStore, type PvcRepositoryArgs } from "./pvc-repository";
import { checkReferences, signatureKeyOf, type ModelReference } from "./repository-models";
import { ObjectStore, type RepositoryBucket } from "./repository-objects";
import { checkS3Repository, s3SourceProblem, type S3RepositoryArgs } from "./s3-repository";

export type { ModelReference, RegistryAddress } from "./repository-models";

/** Inputs of a ModelRepository; `kind` says where models are stored. */
export type ModelRepositoryArgs = OciRepositoryArgs | S3RepositoryArgs | PvcRepositoryArgs;

type WithoutModels<T> = T extends unknown ? Omit<T, "models"> : never;

/** The same without the models, where they follow from the services. */
export type ModelRepositorySettings = WithoutModels<ModelRepositoryArgs>;

/**
 * The model versions of a platform, each pinned by digest: in OCI registries, in a bucket of S3 or in a volume. Services
 * fetch them from here before they start, and refuse files whose digest differs.
 *
 * @example
 * const repository = new ModelRepository("models", {
 *   kind: "s3",
 *   clusterName: "serving",
 *   models: [
 *     { name: "ocr", version: "4", sha256: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" },
 *   ],
 * });
 * // The model goes to s3://BUCKET/ocr/4/model.onnx.
 * export const bucket = repository.bucket?.name;
 */
export class ModelRepository extends pulumi.ComponentResource {
  readonly kind: "oci" | "s3" | "pvc";
  readonly models: readonly ModelReference[];
  /** Registries that are spoken to without TLS. */
  readonly insecureRegistries: readonly string[];
  /** What the files of models without a key of their own must be signed by; undefined where that is nothing. */
  readonly signatureKey: string | undefined;
  /** Where models are uploaded to; of an "s3" repository only. */
  readonly bucket: RepositoryBucket | undefined;
  /** The claim that holds the models; of a "pvc" repository only. */
  readonly claimName: pulumi.Output<string> | undefined;
  private readonly name: string;
  private readonly uploads: {
    readonly models: readonly ModelReference[];
    readonly objects: pulumi.Resource;
  }[] = [];
  private readonly accessTo: (models: readonly ModelReference[]) => ModelAccess;

  constructor(name: string, args: ModelRepositoryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:ModelRepository", name, args, opts);
    validateRepository(name, args);

    this.name = name;
    this.kind = args.kind ?? OCI_DEFAULTS.kind;
    this.models = args.models;
    this.signatureKey = args.signatureKey;
    this.insecureRegistries = [];
    switch (args.kind) {
      case "s3": {
        const store = new ObjectStore(name, args, this);
        this.bucket = store.bucket;
        this.accessTo = (models) => store.access(models);
        break;
      }
      case "pvc": {
        const store = new VolumeStore(name, args, this);
        this.claimName = store.claimName;
        this.accessTo = () => store.access();
        break;
      }
      default:
        this.insecureRegistries = args.insecureRegistries ?? OCI_DEFAULTS.insecureRegistries;
        this.accessTo = (models) => ociAccess(args, models);
    }
    this.registerOutputs({
      kind: this.kind,
      models: [...this.models],
      ...(this.bucket ? { bucket: this.bucket } : {}),
      ...(this.claimName ? { claimName: this.claimName } : {}),
    });
  }

  /** Called by whoever uploads models: services that are declared from then on start when these are there. */
  addUpload(models: readonly ModelReference[], objects: pulumi.Resource): void {
    this.uploads.push({ models, objects });
  }

  /** What must be there before pods can fetch these models. */
  uploadsOf(models: readonly ModelReference[]): pulumi.Resource[] {
    const holds = (uploaded: readonly ModelReference[]) =>
      uploaded.some(({ name, version }) =>
        models.some((model) => model.name === name && model.version === version),
      );
    return this.uploads.filter((upload) => holds(upload.models)).map(({ objects }) => objects);
  }

  /** The models as they are fetched: each with the key that it must be signed by. */
  withKeys(models: readonly ModelReference[]): ModelReference[] {
    return models.map((model) => {
      const signatureKey = signatureKeyOf(model, this);
      return signatureKey === undefined ? model : { ...model, signatureKey };
    });
  }

  /**
   * How the pods of a service get at these models.
   * @throws InputPropertiesError where the repository does not have a model as it is given: only its own were checked.
   */
  access(models: readonly ModelReference[]): ModelAccess {
    const problems = new Problems("ModelRepository", this.name);
    for (const { name, version, source, sha256, signatureKey } of models) {
      const own = this.models.some(
        (model) =>
          model.name === name &&
          model.version === version &&
          model.source === source &&
          model.sha256 === sha256 &&
          model.signatureKey === signatureKey,
      );
      problems.check(
        own,
        "models",
        `must have ${name}/${version} as the service has it, source, digest and \`signatureKey\``,
      );
    }
    problems.throwIfAny();
    return this.accessTo(this.withKeys(models));
  }
}

/**
 * Checks everything.
 * @throws InputPropertiesError with every problem.
 */
export function validateRepository(name: string, args: ModelRepositoryArgs): void {
  const problems = new Problems("ModelRepository", name);
  checkModels(args, problems);
  const wrongKey = args.signatureKey === undefined ? undefined : signatureKeyProblem(args.signatureKey);
  if (wrongKey !== undefined) problems.add("signatureKey", wrongKey);
  switch (args.kind) {
    case "s3":
      checkS3Repository(name, args, problems);
      break;
    case "pvc":
      checkPvcRepository(name, args, problems);
      break;
    case "oci":
    case undefined:
      checkOciRepository(args, problems);
      break;
    default:
      problems.add("kind", `"${String((args as { kind: unknown }).kind)}" must be "oci", "s3" or "pvc"`);
  }
  problems.throwIfAny();
}

/**
 * Checks only the models of such a repository.
 * @throws InputPropertiesError with every problem.
 */
export function validateModels(name: string, args: ModelRepositoryArgs): void {
  const problems = new Problems("ModelRepository", name);
  checkModels(args, problems);
  problems.throwIfAny();
}

function checkModels(args: ModelRepositoryArgs, problems: Problems): void {
  checkReferences(args.models, problems, (model) => sourceProblem(args, model));
}

function sourceProblem(args: ModelRepositoryArgs, model: ModelReference): string | undefined {
  switch (args.kind) {
    case "s3":
      return s3SourceProblem(args, model);
    case "pvc":
      return pvcSourceProblem(model);
    default:
      return ociSourceProblem(model);
  }
}
