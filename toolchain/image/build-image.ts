import { createHash, randomUUID } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import {
  CONFIG_TYPE,
  LAYER_TYPE,
  MANIFEST_TYPE,
  type BuiltImage,
  type Descriptor,
  type ImageSpec,
} from "./image-spec";
import { writeLayer } from "./layer";

/** Raise it when the bytes that a spec gives change, so that cached images are built anew. */
const FORMAT = 1;
/** Hexadecimal digits of a cache key. */
const KEY_LENGTH = 24;
/** Two checkouts, or a change and its undoing, do not build over and over. */
const KEPT_VERSIONS = 3;
/** In the name of a layout that is being written. */
const PARTIAL = ".partial-";
/** Writing an image takes seconds: one that was begun this long ago is not being written any more. */
const ABANDONED_MS = 3_600_000;

/**
 * Builds an image as an OCI layout under `cacheDir`. A spec whose files did not change since (path, size and time of
 * change) is not built again. The digest depends on the content alone.
 */
export async function buildImage(spec: ImageSpec, cacheDir: string): Promise<BuiltImage> {
  const root = join(cacheDir, "images");
  const dir = join(root, `${spec.name.replaceAll("/", "-")}-${cacheKey(spec)}`);
  if (!existsSync(join(dir, "built.json"))) {
    mkdirSync(root, { recursive: true });
    const partial = `${dir}${PARTIAL}${randomUUID()}`;
    try {
      await writeLayout(spec, partial);
      putInPlace(partial, dir);
    } finally {
      rmSync(partial, { recursive: true, force: true });
    }
  }
  const now = new Date();
  utimesSync(dir, now, now);
  removeUnused(root, basename(dir));
  const built = JSON.parse(readFileSync(join(dir, "built.json"), "utf8")) as Omit<BuiltImage, "dir" | "name">;
  return { name: spec.name, dir, ...built };
}

/** What another run has put there meanwhile stays, since its bytes are the same and it may be read already. */
function putInPlace(partial: string, dir: string): void {
  try {
    renameSync(partial, dir);
  } catch {
    if (existsSync(join(dir, "built.json"))) return;
    // Somebody has deleted a part of it.
    rmSync(dir, { recursive: true, force: true });
    renameSync(partial, dir);
  }
}

/**
 * Keeps the few versions of an image that were used last: each is as large as the program in it. What a run that was killed
 * left half-written goes too.
 */
function removeUnused(root: string, current: string): void {
  for (const entry of readdirSync(root).filter((name) => name.includes(PARTIAL))) {
    const begun = statSync(join(root, entry), { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - begun > ABANDONED_MS) rmSync(join(root, entry), { recursive: true, force: true });
  }
  const name = current.slice(0, -KEY_LENGTH);
  const isVersion = (entry: string) => entry.startsWith(name) && /^[0-9a-f]+$/.test(entry.slice(name.length));
  const versions = readdirSync(root)
    .filter((entry) => entry !== current && isVersion(entry))
    .map((entry) => ({
      path: join(root, entry),
      used: statSync(join(root, entry), { throwIfNoEntry: false })?.mtimeMs ?? 0,
    }))
    .sort((a, b) => b.used - a.used);
  for (const { path } of versions.slice(KEPT_VERSIONS - 1)) rmSync(path, { recursive: true, force: true });
}

async function writeLayout(spec: ImageSpec, dir: string): Promise<void> {
  const blobDir = join(dir, "blobs", "sha256");
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(blobDir, { recursive: true });
  const compression = spec.compression ?? "none";
  const layers = [];
  for (const files of spec.layers) layers.push(await writeLayer(files, blobDir, compression));
  const config = writeJsonBlob(blobDir, CONFIG_TYPE, {
    architecture: process.arch === "arm64" ? "arm64" : "amd64",
    os: "linux",
    created: "1970-01-01T00:00:00Z",
    config: spec.config,
    rootfs: { type: "layers", diff_ids: layers.map((layer) => layer.diffId) },
    history: layers.map(() => ({ created: "1970-01-01T00:00:00Z", created_by: "slipway" })),
  });
  const manifest = writeJsonBlob(blobDir, MANIFEST_TYPE, {
    schemaVersion: 2,
    mediaType: MANIFEST_TYPE,
    config,
    layers: layers.map(({ digest, size }) => ({
      mediaType: compression === "gzip" ? `${LAYER_TYPE}+gzip` : LAYER_TYPE,
      digest,
      size,
    })),
  });
  writeFileSync(join(dir, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  const named = { ...manifest, annotations: { "org.opencontainers.image.ref.name": spec.name } };
  writeFileSync(join(dir, "index.json"), JSON.stringify({ schemaVersion: 2, manifests: [named] }));
  const built = {
    digest: manifest.digest,
    sizeBytes: [manifest, config, ...layers].reduce((sum, blob) => sum + blob.size, 0),
    unpackedBytes: layers.reduce((sum, layer) => sum + layer.unpackedBytes, 0),
  };
  // Last, because its presence says that the layout is whole.
  writeFileSync(join(dir, "built.json"), JSON.stringify(built));
}

function writeJsonBlob(blobDir: string, mediaType: string, value: unknown): Descriptor {
  const bytes = Buffer.from(JSON.stringify(value));
  const hex = createHash("sha256").update(bytes).digest("hex");
  writeFileSync(join(blobDir, hex), bytes);
  return { mediaType, digest: `sha256:${hex}`, size: bytes.length };
}

/** Changes whenever the image might: contents given inline, and for files on disk what `stat` says about them. */
function cacheKey(spec: ImageSpec): string {
  const hash = createHash("sha256").update(JSON.stringify([FORMAT, spec.config, spec.compression ?? "none"]));
  for (const layer of spec.layers) {
    hash.update("layer\0");
    for (const { content, source, ...entry } of layer) {
      hash.update(`${JSON.stringify(entry)}\0`);
      if (content !== undefined) hash.update(content).update("\0");
      if (source !== undefined) {
        const stats = statSync(source, { bigint: true });
        hash.update(
          `${realpathSync(source)} ${stats.size} ${stats.mode} ${stats.ino} ${stats.mtimeNs} ${stats.ctimeNs}\0`,
        );
      }
    }
  }
  return hash.digest("hex").slice(0, KEY_LENGTH);
}
