import type { ModelProvider } from "../internal/onnx/supported-operators";
import type { ModelTensor } from "../internal/onnx/tensors";
import type { VersionFiles } from "./model-files";
import type { ModelOptions } from "./model-options";

/** One version of a Model. */
export interface ModelVersion {
  /** A positive whole number, as Triton's repository layout has it. */
  readonly version: string;
  /**
   * Path of its ONNX file; files with its weights lie beside it. It is read and checked whenever the program runs.
   * @default none: the version lies at `source` already, and nothing of it is checked but on the server
   */
  readonly file?: string;
  /**
   * Where it lies already, in the forms that a ModelReference takes.
   * @default `NAME/VERSION`, the folder of the repository that `uploadTo` puts the files in
   */
  readonly source?: string;
  /**
   * SHA-256 of the file in hex: what the file must have.
   * @default that of `file`
   */
  readonly sha256?: string;
}

/** Inputs of a Model. */
export interface ModelArgs {
  /** Its versions, at least one. */
  readonly versions: readonly ModelVersion[];
  /**
   * Name that clients call it by: 1 to 63 letters, digits, `.`, `_`, `-`.
   * @default the resource's name
   */
  readonly modelName?: string;
  /**
   * Where it computes; with `cuda`, operators that the GPU lacks run on the processor.
   * @default "cpu"
   */
  readonly provider?: "cpu" | "cuda";
  /**
   * What requests bring; every version's file must take just that.
   * @default what the files take
   */
  readonly inputs?: readonly ModelTensor[];
  /**
   * What requests are answered with; every version's file must give just that.
   * @default what the files give
   */
  readonly outputs?: readonly ModelTensor[];
  /**
   * Lets versions differ in what they take and give: clients that name no version are broken by the next one.
   * @default false
   */
  readonly allowSignatureChange?: boolean;
  /**
   * Ed25519 public key as PEM, by which every file must be signed (`<file>.sig` beside it): checked here, and again by the pods that
   * fetch and serve it.
   * @default none: files are not signed
   */
  readonly signatureKey?: string;
  /**
   * Options of the model, as in `model.json`; `sha256` is filled in.
   * @default {}
   */
  readonly options?: ModelOptions;
  /**
   * Tags of every object on AWS, at most 10.
   * @default {}
   */
  readonly tags?: Readonly<Record<string, string>>;
}

/** Defaults; a test ties each to its `@default` above. */
export const MODEL_DEFAULTS = {
  provider: "cpu",
  allowSignatureChange: false,
  options: {},
  tags: {},
} as const satisfies Partial<ModelArgs>;

/** A version with what its files say. */
export interface ResolvedVersion extends ModelVersion {
  readonly sha256: string;
  readonly files: VersionFiles | undefined;
}

export interface ResolvedModel {
  readonly modelName: string;
  readonly versions: readonly ResolvedVersion[];
  readonly provider: ModelProvider;
  readonly signatureKey: string | undefined;
  readonly options: ModelOptions;
  readonly tags: Readonly<Record<string, string>>;
}
