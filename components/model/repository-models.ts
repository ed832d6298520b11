import { signatureKeyProblem } from "../internal/signature-key";
import type { Problems } from "../internal/validation";

/** A version of a model, and where its files lie. */
export interface ModelReference {
  /** Name that clients call it by: letters, digits, `.`, `_`, `-`. */
  readonly name: string;
  /** A positive whole number, as Triton's repository layout has it. */
  readonly version: string;
  /**
   * Where it lies. In an "oci" repository `oci://HOST[:PORT]/REPOSITORY@sha256:…`, whose digest pins every file, or
   * `https://HOST[:PORT]/PATH` of a `.onnx` or an archive (`.tar`, `.tar.gz`, `.tgz`) of a model's folder. In an "s3" or "pvc"
   * repository the path of such a file, or of a model's folder, below the repository's `prefix`; in an "s3" one also
   * `s3://BUCKET/KEY`.
   * @default `NAME/VERSION/model.onnx` in an "s3" or "pvc" repository; an "oci" one has none
   */
  readonly source?: string;
  /** SHA-256 in hex of `model.onnx`, or of the archive where the source is one: checked again after the download. */
  readonly sha256: string;
  /**
   * Ed25519 public key as PEM by which every file of it must be signed (`<file>.sig` beside it): pods refuse one that is not, or that
   * was changed since. The models of one service are either all signed or none is.
   * @default that of the repository
   */
  readonly signatureKey?: string;
}

/** What a repository says of all its models. */
export interface RepositorySignature {
  /**
   * Ed25519 public key as PEM by which the files of every model must be signed that names no key of its own.
   * @default none: files are not signed
   */
  readonly signatureKey?: string;
}

/** Models as checks of a service see them. */
export interface KnownModels {
  readonly models: readonly ModelReference[];
  readonly signatureKey?: string | undefined;
}

/** The key that a model must be signed by; undefined where none is asked for. */
export function signatureKeyOf(
  { signatureKey }: ModelReference,
  repository: Pick<KnownModels, "signatureKey">,
): string | undefined {
  return signatureKey ?? repository.signatureKey;
}

/** A flow that a pod needs to fetch models: `cidr` is the widest set of addresses that the registry may have. */
export interface RegistryAddress {
  readonly cidr: string;
  /** Parts of `cidr` that stay closed. */
  readonly except: readonly string[];
  readonly port: number;
}

/** A server known only by its name may have any address, but never a link-local one (cloud metadata services). */
export const ANY_ADDRESS = { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } as const;

/** Where a model lies below its repository's prefix, unless it says so itself. */
export function defaultPath({ name, version }: Pick<ModelReference, "name" | "version">): string {
  return `${name}/${version}/model.onnx`;
}

/** What sentences say of a path that `isPlainPath` refuses. */
export const PLAIN_PATH = 'a path of letters, digits, "_", ".", "@", "+" and "-" between "/"';

const SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9._@+-]*$/;

/** A path that leads nowhere else, means the same in a URL, and holds nothing that IAM would take for a wildcard. */
export function isPlainPath(path: string): boolean {
  return path.split("/").every((segment) => SEGMENT.test(segment));
}

/**
 * Records every problem of the references.
 * @param sourceProblem what is wrong with a model's source in a repository of this kind
 */
export function checkReferences(
  models: readonly ModelReference[],
  problems: Problems,
  sourceProblem: (model: ModelReference) => string | undefined,
): void {
  const seen = new Map<string, number>();
  models.forEach((model, i) => {
    const path = `models[${i}]`;
    problems.check(
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(model.name),
      `${path}.name`,
      `"${model.name}" must be 1 to 63 letters, digits, ".", "_" or "-", beginning with a letter or digit`,
    );
    problems.check(
      /^[1-9][0-9]{0,8}$/.test(model.version),
      `${path}.version`,
      `"${model.version}" must be a positive whole number, as in "1"`,
    );
    const wrong = sourceProblem(model);
    if (wrong !== undefined) problems.add(`${path}.source`, wrong);
    problems.check(
      /^[0-9a-f]{64}$/.test(model.sha256),
      `${path}.sha256`,
      `"${model.sha256}" must be 64 hex digits`,
    );
    const wrongKey = model.signatureKey === undefined ? undefined : signatureKeyProblem(model.signatureKey);
    if (wrongKey !== undefined) problems.add(`${path}.signatureKey`, wrongKey);
    const earlier = seen.get(`${model.name}/${model.version}`);
    if (earlier !== undefined) {
      problems.add(path, `model "${model.name}" version "${model.version}" is also models[${earlier}]`);
    }
    seen.set(`${model.name}/${model.version}`, i);
  });
}
