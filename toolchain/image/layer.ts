import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream, statSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join, posix } from "node:path";
import { Transform, type Readable, type TransformCallback } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { pack, type Header as TarHeader, type Pack } from "tar-stream";
import type { ImageFile } from "./image-spec";

export interface BuiltLayer {
  /** Digest of the blob as stored. */
  readonly digest: string;
  /** Digest of the uncompressed tar, which the image configuration lists. */
  readonly diffId: string;
  readonly size: number;
  readonly unpackedBytes: number;
}

/** Passes bytes on and remembers their digest and number. */
class DigestStream extends Transform {
  private readonly hash = createHash("sha256");
  size = 0;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.hash.update(chunk);
    this.size += chunk.length;
    done(null, chunk);
  }

  digest(): string {
    return `sha256:${this.hash.digest("hex")}`;
  }
}

/**
 * Writes a layer into `blobDir` under its digest. The same files give the same bytes on every machine: entries are
 * sorted, times are zero, owners are numbers, and parent folders are spelled out.
 */
export async function writeLayer(
  files: readonly ImageFile[],
  blobDir: string,
  compression: "none" | "gzip",
): Promise<BuiltLayer> {
  const entries = withParents(files);
  const tar = pack();
  const plain = new DigestStream();
  const stored = new DigestStream();
  const partial = join(blobDir, `partial-${randomUUID()}`);
  const compress = compression === "gzip" ? [createGzip({ level: 6 })] : [];
  const [unpackedBytes] = await Promise.all([
    addEntries(tar, entries),
    pipeline([tar as unknown as Readable, plain, ...compress, stored, createWriteStream(partial)]),
  ]);
  const digest = stored.digest();
  await rename(partial, join(blobDir, digest.slice("sha256:".length)));
  return { digest, diffId: plain.digest(), size: stored.size, unpackedBytes };
}

/** The entries sorted by path, each path once (the last one given wins), preceded by the folders that hold them. */
export function withParents(files: readonly ImageFile[]): ImageFile[] {
  const byPath = new Map<string, ImageFile>();
  for (const file of files) {
    const path = posix.normalize(file.path);
    if (!path.startsWith("/") || path === "/") {
      throw new RangeError(`Expected an absolute path of an image file, got "${file.path}"`);
    }
    byPath.set(path.replace(/\/$/, ""), { ...file, path });
  }
  for (const path of [...byPath.keys()]) {
    for (let parent = posix.dirname(path); parent !== "/"; parent = posix.dirname(parent)) {
      if (!byPath.has(parent)) byPath.set(parent, { path: parent, directory: true });
    }
  }
  // Code unit order, not the locale's: the order decides the digest.
  return [...byPath.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, file]) => ({ ...file, path }));
}

async function addEntries(tar: Pack, entries: readonly ImageFile[]): Promise<number> {
  let bytes = 0;
  try {
    for (const file of entries) {
      const header: Partial<TarHeader> & { name: string } = {
        name: file.path.slice(1),
        mtime: new Date(0),
        uid: file.uid ?? 0,
        gid: file.gid ?? 0,
        uname: "",
        gname: "",
      };
      bytes += await addEntry(tar, file, header);
    }
    tar.finalize();
  } catch (error) {
    tar.destroy(error as Error);
    throw error;
  }
  return bytes;
}

async function addEntry(
  tar: Pack,
  file: ImageFile,
  header: Partial<TarHeader> & { name: string },
): Promise<number> {
  if (file.directory) {
    tar.entry({ ...header, name: `${header.name}/`, type: "directory", mode: file.mode ?? 0o755 });
    return 0;
  }
  if (file.linkTarget !== undefined) {
    tar.entry({ ...header, type: "symlink", linkname: file.linkTarget, mode: 0o777 });
    return 0;
  }
  if (file.source === undefined) {
    const content = Buffer.from(file.content ?? "");
    tar.entry({ ...header, type: "file", mode: file.mode ?? 0o644, size: content.length }, content);
    return content.length;
  }
  const stats = statSync(file.source);
  const mode = file.mode ?? (stats.mode & 0o111 ? 0o755 : 0o644);
  const entry = tar.entry({ ...header, type: "file", mode, size: stats.size });
  await pipeline(createReadStream(file.source, { highWaterMark: 1 << 20 }), entry);
  return stats.size;
}
