const DIGEST = /@sha256:[0-9a-f]{64}$/;

/** Whether an image reference names its content (`…@sha256:<64 hex digits>`) and not only a tag that may move. */
export function hasDigest(reference: string): boolean {
  return DIGEST.test(reference);
}

/**
 * Checks an image reference.
 * @returns the sentence that says what is wrong, or undefined.
 */
export function imageProblem(reference: string): string | undefined {
  if (/\s/.test(reference) || !/^[a-zA-Z0-9]/.test(reference))
    return `"${reference}" is not an image reference`;
  if (!hasDigest(reference))
    return `"${reference}" must end in a digest (@sha256:<64 hex digits>): a tag can be moved`;
  return undefined;
}

/** Where a model lies in an OCI registry. */
export interface OciSource {
  /** Host as written, without the port. */
  readonly host: string;
  /** 443 where the reference names none. */
  readonly port: number;
  /** `host[:port]` as written, which is what an insecure-registry list names. */
  readonly registry: string;
  readonly repository: string;
  readonly digest: string;
}

const OCI =
  /^oci:\/\/(([a-zA-Z0-9][a-zA-Z0-9.-]*)(?::(\d{1,5}))?)\/([a-z0-9][a-z0-9._/-]*)@(sha256:[0-9a-f]{64})$/;

/** Parses `oci://HOST[:PORT]/REPOSITORY@sha256:…`; undefined where the text is not of that form. */
export function parseOciSource(source: string): OciSource | undefined {
  const match = OCI.exec(source);
  if (!match) return undefined;
  const [, registry, host, port, repository, digest] = match as unknown as [
    string,
    string,
    string,
    string | undefined,
    string,
    string,
  ];
  return { host, port: port === undefined ? 443 : Number(port), registry, repository, digest };
}

/** Files that a model may come in: itself, or an archive of its folder. */
const FILE = /\.(onnx|tar|tar\.gz|tgz)$/;

/** Whether a path is that of one file and not of a model's folder. */
export function isModelFile(path: string): boolean {
  return FILE.test(path);
}

/** A web server that holds a model. */
export interface WebSource {
  /** Host as written, without the port. */
  readonly host: string;
  /** 443 where the address names none. */
  readonly port: number;
}

const WEB = /^https:\/\/([a-zA-Z0-9][a-zA-Z0-9.-]*)(?::(\d{1,5}))?(\/[^\s?#@]*)$/;

/** Parses `https://HOST[:PORT]/PATH` of a model's file; undefined where the text is not of that form. */
export function parseWebSource(source: string): WebSource | undefined {
  const [, host, port, path] = WEB.exec(source) ?? [];
  // A query may hold a signature, which is a secret and ends: neither belongs into a pod's specification.
  if (host === undefined || path === undefined || !isModelFile(path)) return undefined;
  return { host, port: port === undefined ? 443 : Number(port) };
}

/** An object, or all objects below a prefix. */
export interface S3Source {
  readonly bucket: string;
  readonly key: string;
}

const BUCKET = "[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]";
const S3 = new RegExp(`^s3://(${BUCKET})/(.+)$`);

/** Parses `s3://BUCKET/KEY`; undefined where the text is not of that form. */
export function parseS3Source(source: string): S3Source | undefined {
  const [, bucket, key] = S3.exec(source) ?? [];
  return bucket === undefined || key === undefined ? undefined : { bucket, key };
}

export function isBucketName(name: string): boolean {
  return new RegExp(`^${BUCKET}$`).test(name) && !name.includes("..");
}

export function isIpv4(value: string): boolean {
  const parts = value.split(".");
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}

/** `a.b.c.d/len` */
export function isIpv4Cidr(value: string): boolean {
  const [address, length, rest] = value.split("/");
  return (
    rest === undefined &&
    length !== undefined &&
    isIpv4(address ?? "") &&
    /^\d{1,2}$/.test(length) &&
    Number(length) <= 32
  );
}
