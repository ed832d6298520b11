import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { UsageError } from "../option-table";

/** A model as OCI artifact, by digest, so that what is fetched is what was named. */
export interface OciReference {
  readonly kind: "oci";
  readonly registry: string;
  readonly repository: string;
  /** `sha256:<hex>` of the manifest. */
  readonly digest: string;
}

/** A model on this machine: a folder of versions, an archive of one, or a bare `.onnx`. */
export interface FileReference {
  readonly kind: "file";
  readonly path: string;
}

/** A bare `.onnx`, or an archive of a model's folder, on a web server. */
export interface WebReference {
  readonly kind: "web";
  readonly url: URL;
}

/** A bucket's objects below a prefix: a model's folder; or one object that is an archive or a bare `.onnx`. */
export interface S3Reference {
  readonly kind: "s3";
  readonly bucket: string;
  /** Without slashes at its ends. */
  readonly key: string;
}

export type ModelReference = OciReference | FileReference | WebReference | S3Reference;

/** The forms of sources, for help and messages. */
export const SOURCE_FORMS = [
  "oci://<registry>/<repository>@sha256:<64 hex digits>",
  "https://<host>/<path>",
  "s3://<bucket>/<prefix>",
  "file:<path>",
] as const;

const OCI =
  /^oci:\/\/([A-Za-z0-9.-]+(?::\d{1,5})?|\[[0-9a-fA-F:]+\](?::\d{1,5})?)\/([a-z0-9]+(?:[._/-]+[a-z0-9]+)*)@(sha256:[0-9a-f]{64})$/;
const S3 = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/+(.*[^/])\/*$/;

/** @throws UsageError naming the forms there are */
export function parseReference(text: string): ModelReference {
  const oci = OCI.exec(text);
  if (oci) return { kind: "oci", registry: oci[1]!, repository: oci[2]!, digest: oci[3]! };
  if (text.startsWith("file://")) return { kind: "file", path: fileURLToPath(text) };
  if (text.startsWith("file:")) return { kind: "file", path: resolve(text.slice("file:".length)) };
  const s3 = S3.exec(text);
  if (s3) return { kind: "s3", bucket: s3[1]!, key: s3[2]! };
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return webReference(new URL(text));
  throw new UsageError(
    `The model source (${text}) must be ${SOURCE_FORMS.map((form) => `\`${form}\``)
      .join(", ")
      .replace(/, ([^,]*)$/, " or $1")}.`,
  );
}

function webReference(url: URL): WebReference {
  if (url.username !== "" || url.password !== "") {
    throw new UsageError(
      `The model source (${shownUrl(url)}) must not hold a password; \`--registry-auth-file\` takes those.`,
    );
  }
  url.hash = "";
  if (packagingOf(url.pathname) === undefined) {
    throw new UsageError(
      `The model source (${shownUrl(url)}) must be a file that ends in ${PACKAGINGS.join(", ")}.`,
    );
  }
  return { kind: "web", url };
}

/** An address without what may be secret in it: a signed one has its signature in the query. */
export function shownUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

/** What a single file may be. */
export const PACKAGINGS = [".onnx", ".tar", ".tar.gz", ".tgz"] as const;
export type Packaging = (typeof PACKAGINGS)[number];

/** What a file is, by its name; undefined for a name that does not say. */
export function packagingOf(name: string): Packaging | undefined {
  return PACKAGINGS.find((ending) => name.endsWith(ending));
}
