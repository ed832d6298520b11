import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import {
  FILE_TITLE_ANNOTATION,
  MODEL_ARTIFACT_TYPE,
  MODEL_FILE_MEDIA_TYPE,
  MODEL_NAME_ANNOTATION,
} from "../../runtime/contract";
import { MANIFEST_TYPE, pushBlob, pushManifest, type Blob } from "../image";
import type { PackedModel } from "./pack";

/** An artifact without configuration refers to this one, as the OCI image specification 1.1 has it. */
const EMPTY_CONFIG = Buffer.from("{}");
const EMPTY_CONFIG_TYPE = "application/vnd.oci.empty.v1+json";

const digestOf = (bytes: Buffer) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
const repositoryOf = (model: PackedModel) => `models/${model.name}`;

interface Layer {
  readonly digest: string;
  readonly size: number;
  readonly title: string;
  open(): Readable;
}

function layersOf({ version, path, sha256, size, beside = [] }: PackedModel): Layer[] {
  const open = () => createReadStream(path);
  return [
    { digest: `sha256:${sha256}`, size, title: `${version}/model.onnx`, open },
    ...beside.map(({ title, content }) => ({
      digest: digestOf(content),
      size: content.length,
      title,
      open: () => Readable.from([content]),
    })),
  ];
}

/** The manifest of a model's artifact: one layer a file, titled with its path in the model's folder. */
function manifestOf(model: PackedModel): Buffer {
  return Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST_TYPE,
      artifactType: MODEL_ARTIFACT_TYPE,
      config: { mediaType: EMPTY_CONFIG_TYPE, digest: digestOf(EMPTY_CONFIG), size: EMPTY_CONFIG.length },
      layers: layersOf(model).map(({ digest, size, title }) => ({
        mediaType: MODEL_FILE_MEDIA_TYPE,
        digest,
        size,
        annotations: { [FILE_TITLE_ANNOTATION]: title },
      })),
      annotations: { [MODEL_NAME_ANNOTATION]: model.name },
    }),
  );
}

/** The reference that pods pull: it depends on the model's content alone, so it is known before anything is pushed. */
export function modelReference(registry: string, model: PackedModel): string {
  return `oci://${registry}/${repositoryOf(model)}@${digestOf(manifestOf(model))}`;
}

/** Pushes a model as an OCI artifact; what the registry has already is not sent again. @returns its reference */
export async function pushModel(registry: string, model: PackedModel): Promise<string> {
  const repository = repositoryOf(model);
  const blobs: Blob[] = [
    { digest: digestOf(EMPTY_CONFIG), size: EMPTY_CONFIG.length, open: () => Readable.from([EMPTY_CONFIG]) },
    ...layersOf(model),
  ];
  for (const blob of blobs) await pushBlob(registry, repository, blob);
  const manifest = manifestOf(model);
  await pushManifest(registry, repository, manifest, digestOf(manifest));
  return modelReference(registry, model);
}
