import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** What an image is made of in a checkout of this project: its Dockerfile, and everything that it copies. */
export const SOURCES = [
  ".dockerignore",
  ".npmrc",
  "Dockerfile",
  "package-lock.json",
  "package.json",
  "runtime",
  "toolchain",
  "tsconfig.json",
] as const;

/** What the stage that installs packages is made of; while it stays, so does the stage. */
const INSTALL_SOURCES = [".npmrc", "Dockerfile", "package-lock.json", "package.json"] as const;

/** Hexadecimal digits of a fingerprint in names: enough for one repository's images never to meet. */
const FINGERPRINT_LENGTH = 16;

/** Sources that a folder lacks. */
export function missingSources(context: string): string[] {
  return SOURCES.filter((source) => !existsSync(join(context, source)));
}

/** The server's version, as the sources have it. */
export function sourceVersion(context: string): string {
  const text = readFileSync(join(context, "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

/** Changes with any file of the image, and with `settings`, whatever else decides what an image holds. */
export function imageFingerprint(context: string, settings: readonly unknown[]): string {
  return fingerprint(context, SOURCES, settings);
}

/** Changes with what is installed into the image. */
export function installFingerprint(context: string, settings: readonly unknown[]): string {
  return fingerprint(context, INSTALL_SOURCES, settings);
}

function fingerprint(context: string, sources: readonly string[], settings: readonly unknown[]): string {
  const hash = createHash("sha256").update(JSON.stringify(settings));
  for (const path of sources.flatMap((source) => filesOf(context, source))) {
    hash.update(`\0${path}\0`).update(readFileSync(join(context, path)));
  }
  return hash.digest("hex").slice(0, FINGERPRINT_LENGTH);
}

/** Paths of files relative to the context, in the same order on every machine. */
function filesOf(context: string, source: string): string[] {
  if (statSync(join(context, source)).isFile()) return [source];
  return readdirSync(join(context, source), { recursive: true })
    .map((path) => `${source}/${String(path).replaceAll("\\", "/")}`)
    .filter((path) => statSync(join(context, path)).isFile())
    .sort();
}
