import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../message-of";
import { fetchModel, type FetchOptions } from "./fetch-model";
import { PullFailure } from "./pull-failure";
import { packagingOf, shownUrl, type ModelReference } from "./reference";
import {
  CONFIG,
  digestIfThere,
  readReceipt,
  receiptFile,
  recordedModels,
  replaceReceipt,
  writeReceipt,
} from "./receipts";
import { verifyFolder } from "./verify-folder";

/** What must be known of a model that may be taken as it lies on the disk. */
export interface KeptOptions extends FetchOptions {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  /** What is on the disk cannot be used, for this reason; it is fetched again. */
  readonly onDamage: (reason: string) => void;
}

export interface Kept {
  /** The model's folder. */
  readonly dir: string;
  /** Whether nothing was asked of the source, because all of it was there. */
  readonly kept: boolean;
}

/**
 * Takes a model version as an earlier pull left it, if every file of it still has its digest: nothing is asked of the source
 * then, nor of anybody else. Otherwise fetches it and records what was installed.
 */
export async function fetchUnlessInstalled(source: ModelReference, options: KeptOptions): Promise<Kept> {
  const { to, name, version } = options;
  const reason = await damageOf(source, options);
  if (reason === undefined) return { dir: join(to, name), kept: true };
  if (reason !== NOT_INSTALLED) options.onDamage(reason);
  try {
    const dir = await fetchModel(source, options);
    await writeReceipt(to, name, version, { source: nameOf(source), sha256: options.sha256 });
    return { dir, kept: false };
  } catch (error) {
    if (reason === NOT_INSTALLED || !(error instanceof PullFailure)) throw error;
    throw new PullFailure(
      `${error.message} What lies on the disk cannot be used instead: ${reason}.`,
      error.transient,
      { cause: error },
    );
  }
}

const NOT_INSTALLED = "nothing was installed yet";

/** Why what is there cannot be used; undefined where it can. Reads files, and asks nobody. */
async function damageOf(source: ModelReference, options: KeptOptions): Promise<string | undefined> {
  const { to, name, version, sha256 } = options;
  try {
    const receipt = await readReceipt(to, name);
    const installed = receipt?.versions[version];
    if (receipt === undefined || installed === undefined) return NOT_INSTALLED;
    const from = nameOf(source);
    if (installed.source !== from) {
      return `version ${version} of \`${name}\` was installed from ${installed.source}, not from ${from}`;
    }
    if (installed.sha256 !== sha256) {
      return `version ${version} of \`${name}\` was installed for the SHA-256 ${installed.sha256}, not for ${sha256}`;
    }
    const expected: Record<string, string> = {
      ...installed.files,
      ...(receipt.config ? { [CONFIG]: receipt.config } : {}),
    };
    const model = join(version, "model.onnx");
    // What stands in the command outranks what stands on the same disk as the file.
    if (!isArchive(source)) expected[model] = sha256;
    for (const [path, digest] of Object.entries(expected)) {
      const actual = await digestIfThere(join(to, name, path));
      if (actual === undefined) return `\`${name}/${path}\` is missing`;
      if (actual !== digest) {
        return `\`${name}/${path}\` has the SHA-256 ${actual}, but was installed with ${digest}`;
      }
    }
    await verifyFolder(join(to, name, version), { publicKeys: options.publicKeys });
    return undefined;
  } catch (error) {
    return messageOf(error).replace(/\.$/, "");
  }
}

/** Of an archive `--sha256` is the archive's own digest, else that of the model. */
function isArchive(source: ModelReference): boolean {
  const packaging = packagingOf(pathOf(source));
  return packaging !== undefined && packaging !== ".onnx";
}

function pathOf(source: ModelReference): string {
  switch (source.kind) {
    case "oci":
      return "";
    case "web":
      return source.url.pathname;
    case "s3":
      return source.key;
    case "file":
      return source.path;
  }
}

/** How a source is recorded and shown. */
export function nameOf(source: ModelReference): string {
  switch (source.kind) {
    case "oci":
      return `oci://${source.registry}/${source.repository}@${source.digest}`;
    case "web":
      return shownUrl(source.url);
    case "s3":
      return `s3://${source.bucket}/${source.key}`;
    case "file":
      return `file:${source.path}`;
  }
}

/**
 * Removes what earlier pulls installed here and nobody asks for any more. What no pull recorded is left alone.
 * @param wanted `<name>/<version>` of everything that stays
 * @returns the same of what was removed
 */
export async function keepOnly(repository: string, wanted: readonly string[]): Promise<string[]> {
  const removed: string[] = [];
  for (const model of await recordedModels(repository)) {
    const receipt = await readReceipt(repository, model).catch(() => undefined);
    if (receipt === undefined) continue;
    const kept = { ...receipt.versions };
    for (const version of Object.keys(receipt.versions)) {
      if (wanted.includes(`${model}/${version}`)) continue;
      await rm(join(repository, model, version), { recursive: true, force: true });
      delete kept[version];
      removed.push(`${model}/${version}`);
    }
    if (Object.keys(kept).length > 0) await replaceReceipt(repository, model, { ...receipt, versions: kept });
    else await forget(repository, model);
  }
  return removed;
}

/** Forgets a model of which no version is left. */
async function forget(repository: string, model: string): Promise<void> {
  const dir = join(repository, model);
  const others = (await readdir(dir).catch(() => [])).filter((name) => name !== CONFIG);
  // The folder first: a removal that is broken off is found again by its record.
  if (others.length === 0) await rm(dir, { recursive: true, force: true });
  await rm(receiptFile(repository, model), { force: true });
}
