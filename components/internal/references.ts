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
