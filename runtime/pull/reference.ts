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

/** A model's folder on this machine. */
export interface FileReference {
  readonly kind: "file";
  readonly dir: string;
}

export type ModelReference = OciReference | FileReference;

const OCI =
  /^oci:\/\/([A-Za-z0-9.-]+(?::\d{1,5})?|\[[0-9a-fA-F:]+\](?::\d{1,5})?)\/([a-z0-9]+(?:[._/-]+[a-z0-9]+)*)@(sha256:[0-9a-f]{64})$/;

/** @throws UsageError naming the forms there are */
export function parseReference(text: string): ModelReference {
  const oci = OCI.exec(text);
  if (oci) return { kind: "oci", registry: oci[1]!, repository: oci[2]!, digest: oci[3]! };
  if (text.startsWith("file://")) return { kind: "file", dir: fileURLToPath(text) };
  if (text.startsWith("file:")) return { kind: "file", dir: resolve(text.slice("file:".length)) };
  throw new UsageError(
    `The model source (${text}) must be \`oci://<registry>/<repository>@sha256:<64 hex digits>\` or \`file:<folder of a model>\`.`,
  );
}
