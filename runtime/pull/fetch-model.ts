import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { cp, mkdir, readdir, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { FILE_TITLE_ANNOTATION, MODEL_NAME_ANNOTATION } from "../contract";
import { placeModel } from "./place-model";
import { PullFailure } from "./pull-failure";
import type { FileReference, ModelReference, OciReference } from "./reference";
import { RegistryClient } from "./registry-client";
import { withRetries } from "./retry";

export interface FetchOptions {
  /** The model repository. */
  readonly to: string;
  /** Folder of the model in it. @default the artifact's own name */
  readonly name?: string;
  /** The one version to install. @default all that the source holds */
  readonly version?: string;
  /** Digest that every `model.onnx` of the source must have, in hex. */
  readonly sha256?: string;
  readonly insecureRegistries: readonly string[];
  readonly onRetry?: (error: unknown, waitMs: number) => void;
}

const MODEL_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const SAFE_SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;

/** Fetches one model into a repository, verified and in one step. @returns its folder */
export function fetchModel(source: ModelReference, options: FetchOptions): Promise<string> {
  return placeModel(options.to, async (dir) => {
    const own =
      source.kind === "oci" ? await fetchArtifact(source, dir, options) : await copyFolder(source, dir);
    const model = options.name ?? own;
    if (!MODEL_NAME.test(model)) {
      throw new PullFailure(
        `The model's name (${model}) must be letters, digits, dots, dashes and underscores; \`--name\` gives it another.`,
      );
    }
    if (options.version !== undefined) await keepVersion(dir, options.version);
    await verify(dir, options.sha256);
    return { model };
  });
}

async function fetchArtifact(source: OciReference, dir: string, options: FetchOptions): Promise<string> {
  const client = new RegistryClient(source, options.insecureRegistries.includes(source.registry));
  const onRetry = options.onRetry ?? (() => undefined);
  const manifest = await withRetries(() => client.manifest(), onRetry);
  for (const layer of manifest.layers) {
    const title = layer.annotations?.[FILE_TITLE_ANNOTATION] ?? "";
    const file = join(dir, safePath(title));
    await mkdir(dirname(file), { recursive: true });
    await withRetries(() => client.download(layer, file), onRetry);
  }
  return manifest.annotations?.[MODEL_NAME_ANNOTATION] ?? basename(source.repository);
}

/** A title comes from outside: it must stay inside the model's folder. */
function safePath(title: string): string {
  const segments = title.split("/");
  if (segments.length > 4 || !segments.every((segment) => SAFE_SEGMENT.test(segment))) {
    throw new PullFailure(
      `The artifact names a file (${title || "without title"}) that is no plain path inside a model's folder.`,
    );
  }
  return title;
}

async function copyFolder(source: FileReference, dir: string): Promise<string> {
  if (!(await stat(source.dir).catch(() => undefined))?.isDirectory()) {
    throw new PullFailure(`The model source (${source.dir}) must be an existing folder of a model.`);
  }
  await cp(source.dir, dir, { recursive: true });
  return basename(source.dir);
}

/** Drops what belongs to other versions. */
async function keepVersion(dir: string, version: string): Promise<void> {
  const folders = (await readdir(dir, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const names = folders.map((folder) => folder.name);
  if (!names.includes(version)) {
    throw new PullFailure(
      `The source has no version ${version} (\`--version\`); it has ${names.join(", ") || "none"}.`,
    );
  }
  for (const name of names) if (name !== version) await rm(join(dir, name), { recursive: true });
}

async function verify(dir: string, sha256: string | undefined): Promise<void> {
  const files = (await readdir(dir, { recursive: true })).filter((path) => basename(path) === "model.onnx");
  if (files.length === 0) throw new PullFailure("The source holds no `<version>/model.onnx`.");
  if (sha256 === undefined) return;
  for (const path of files) {
    const hash = createHash("sha256");
    await pipeline(createReadStream(join(dir, path)), hash);
    const actual = hash.digest("hex");
    if (actual !== sha256) {
      throw new PullFailure(
        `${path} has the SHA-256 ${actual}, but \`--sha256\` says ${sha256}; nothing was installed.`,
      );
    }
  }
}
