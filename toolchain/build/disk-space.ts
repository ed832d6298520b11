import { existsSync, statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** Space that a build needs in one folder. */
export interface SpaceNeed {
  readonly path: string;
  readonly bytes: number;
}

/** What is known of the file system that a path will lie on. */
export interface FileSystem {
  /** Equal for paths on one file system. */
  readonly id: number;
  readonly freeBytes: number;
}

export const GB = 1e9;

/**
 * One sentence for the first file system that has less room than is needed, summed over the folders on it; undefined where
 * there is room.
 * @param look how a path's file system is found; for tests
 */
export function spaceProblem(
  needs: readonly SpaceNeed[],
  look: (path: string) => FileSystem = fileSystemOf,
): string | undefined {
  const byFileSystem = new Map<number, { needed: number; free: number; paths: string[] }>();
  for (const { path, bytes } of needs) {
    const { id, freeBytes } = look(path);
    const entry = byFileSystem.get(id) ?? { needed: 0, free: freeBytes, paths: [] };
    entry.needed += bytes;
    entry.paths.push(path);
    byFileSystem.set(id, entry);
  }
  for (const { needed, free, paths } of byFileSystem.values()) {
    if (free < needed) {
      return `the build needs ${inGb(needed)} free where ${paths.join(", ")} lie${paths.length === 1 ? "s" : ""}, and ${inGb(free)} are`;
    }
  }
  return undefined;
}

export const SPACE_MEND =
  "free space, or set SLIPWAY_CACHE_DIR, GOCACHE and GOMODCACHE to folders on a larger disk";

const inGb = (bytes: number): string => `${(bytes / GB).toFixed(1)} GB`;

/** Looks at the nearest folder that exists. */
export function fileSystemOf(path: string): FileSystem {
  let folder = path;
  while (!existsSync(folder) && folder !== dirname(folder)) folder = dirname(folder);
  const { bavail, bsize } = statfsSync(folder);
  return { id: statSync(folder).dev, freeBytes: bavail * bsize };
}
