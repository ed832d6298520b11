import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf } from "../message-of";
import { sha256OfFile } from "./sha256-of-file";

/** What a pull installed of one version of a model. */
export interface VersionReceipt {
  /** Where it came from, without what may be secret in an address. */
  readonly source: string;
  /** What `--sha256` said. */
  readonly sha256: string;
  /** Digests in hex of the files of the version's folder, by path inside the model's folder. */
  readonly files: Readonly<Record<string, string>>;
}

/** What pulls installed of a model. */
export interface Receipt {
  /** Digest of `model.json` as the last pull left it; undefined where there is none. */
  readonly config?: string;
  readonly versions: Readonly<Record<string, VersionReceipt>>;
}

/** A dot name: neither a server nor `ls` takes it for a model. */
const FOLDER = ".installed";

export const CONFIG = "model.json";

export function receiptFile(repository: string, model: string): string {
  return join(repository, FOLDER, `${model}.json`);
}

/** Undefined where there is none. @throws Error with a sentence where it cannot be read */
export async function readReceipt(repository: string, model: string): Promise<Receipt | undefined> {
  try {
    const receipt = JSON.parse(
      await readFile(receiptFile(repository, model), "utf8"),
    ) as Partial<Receipt> | null;
    if (typeof receipt?.versions !== "object") throw new Error("it is no record of a pull");
    return receipt as Receipt;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`the record of what was installed cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

/** Records what lies in the folder of a version now. */
export async function writeReceipt(
  repository: string,
  model: string,
  version: string,
  from: Pick<VersionReceipt, "source" | "sha256">,
): Promise<void> {
  const before = await readReceipt(repository, model).catch(() => undefined);
  const files = await digestsOf(join(repository, model), version);
  const { source, sha256 } = from;
  await replaceReceipt(repository, model, {
    config: await digestIfThere(join(repository, model, CONFIG)),
    versions: { ...before?.versions, [version]: { source, sha256, files } },
  });
}

/** In one step: a pull that is killed leaves the old record or the new one. */
export async function replaceReceipt(repository: string, model: string, receipt: Receipt): Promise<void> {
  const file = receiptFile(repository, model);
  await mkdir(join(repository, FOLDER), { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, `${JSON.stringify(receipt, null, 2)}\n`);
  await rename(unfinished, file);
}

/** Models of which there is a record. */
export async function recordedModels(repository: string): Promise<string[]> {
  const names = await readdir(join(repository, FOLDER)).catch(() => []);
  return names.filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -".json".length));
}

async function digestsOf(dir: string, version: string): Promise<Record<string, string>> {
  const entries = await readdir(join(dir, version), { recursive: true, withFileTypes: true });
  const files: Record<string, string> = {};
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name).slice(dir.length + 1);
    files[path] = await sha256OfFile(join(dir, path));
  }
  return files;
}

/** Undefined where there is no such file. */
export async function digestIfThere(file: string): Promise<string | undefined> {
  return sha256OfFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}
