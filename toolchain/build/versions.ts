/** Major, minor and patch number of a version. */
export type Version = readonly [number, number, number];

/** Reads the first version in a text, e.g. "v3.250.0" or "go version go1.26.7 linux/amd64"; a missing patch is 0. */
export function parseVersion(text: string): Version | undefined {
  const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)] : undefined;
}

export function formatVersion(version: Version): string {
  return version.join(".");
}

export function isAtLeast(version: Version, minimum: Version): boolean {
  for (const [index, part] of version.entries()) {
    const other = minimum[index] ?? 0;
    if (part !== other) return part > other;
  }
  return true;
}
