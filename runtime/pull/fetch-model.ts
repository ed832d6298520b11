import { copyFile, cp, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { FILE_TITLE_ANNOTATION, MODEL_NAME_ANNOTATION } from "../contract";
import { SIGNATURE_SUFFIX } from "../models/model-trust";
import { UsageError } from "../option-table";
import { installFile } from "./install-file";
import { placeModel } from "./place-model";
import { PullFailure } from "./pull-failure";
import {
  packagingOf,
  PACKAGINGS,
  shownUrl,
  type FileReference,
  type ModelReference,
  type OciReference,
  type S3Reference,
  type WebReference,
} from "./reference";
import { RegistryClient } from "./registry-client";
import { downloadTo, type DownloadOptions } from "./resumable-download";
import { isTransient, withRetries } from "./retry";
import type { S3Access } from "./s3-access";
import { fetchObjects } from "./s3-source";
import { safePath } from "./safe-path";
import { Staging } from "./staging";
import { sha256OfFile } from "./sha256-of-file";
import { verifyFolder } from "./verify-folder";
import { webSource, type WebAccess } from "./web-client";

export interface FetchOptions {
  /** The model repository. */
  readonly to: string;
  /** Folder of the model in it. @default the source's own name */
  readonly name?: string;
  /** The one version to install. @default all that the source holds; 1 for a bare `.onnx` */
  readonly version?: string;
  /** Digest in hex of the file that is the source, or of every `model.onnx` where the source is a folder. */
  readonly sha256?: string;
  /** Ed25519 keys, PEM: every `model.onnx` must be signed by one of them. @default none: signatures are not looked at */
  readonly publicKeys?: readonly string[];
  /** Hosts (`host:port`) that speak plain HTTP. */
  readonly insecureRegistries: readonly string[];
  /** The `Authorization` header for a registry or web server. */
  readonly authorization?: WebAccess["authorization"];
  readonly s3?: S3Access;
  /** Bytes that a file, and an archive unpacked, may have. @default 32 GiB */
  readonly maxBytes?: number;
  readonly onRetry?: (error: unknown, waitMs: number) => void;
  /** Waits between attempts; replaced in tests. */
  readonly wait?: (ms: number) => Promise<unknown>;
}

export const DEFAULT_MAX_BYTES = 32 * 1024 ** 3;

/** Bytes; a signature has 64, or 88 in base64. */
const LARGEST_SIGNATURE = 4096;

const MODEL_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Fetches one model into a repository, verified and in one step. @returns its folder */
export async function fetchModel(source: ModelReference, options: FetchOptions): Promise<string> {
  if (source.kind === "web" && options.sha256 === undefined && !options.publicKeys?.length) {
    throw new UsageError(
      `\`--sha256\` or \`--public-key\` must be given with ${shownUrl(source.url)}: an address does not say what lies there.`,
    );
  }
  const staging = await Staging.open(options.to);
  let keep = false;
  try {
    const own = await new Fetch(staging, options).from(source);
    const model = options.name ?? own;
    if (!MODEL_NAME.test(model)) {
      throw new PullFailure(
        `The model's name (${model}) must be letters, digits, dots, dashes and underscores; \`--name\` gives it another.`,
      );
    }
    return await placeModel(staging, model);
  } catch (error) {
    keep = isTransient(error);
    throw error;
  } finally {
    await staging.close(keep);
  }
}

/** One model on its way into the staging folder. */
class Fetch {
  private readonly access: WebAccess;
  private readonly download: DownloadOptions;
  private readonly signed: boolean;

  constructor(
    private readonly staging: Staging,
    private readonly options: FetchOptions,
  ) {
    const { insecureRegistries, authorization, maxBytes = DEFAULT_MAX_BYTES, wait } = options;
    this.access = { insecureHosts: insecureRegistries, authorization };
    this.download = { maxBytes, onRetry: options.onRetry ?? (() => undefined), wait };
    this.signed = (options.publicKeys?.length ?? 0) > 0;
  }

  /** @returns the source's own name for the model */
  async from(source: ModelReference): Promise<string> {
    const { content } = this.staging;
    const { version, sha256, publicKeys } = this.options;
    const { name, isFile } = await this.fill(source);
    if (version !== undefined) await keepVersion(content, version);
    // The digest of a single file was that of the file, and is checked.
    await verifyFolder(content, {
      sha256: isFile ? undefined : sha256,
      publicKeys,
      isContentAddressed: source.kind === "oci",
    });
    return name;
  }

  private async fill(source: ModelReference): Promise<{ name: string; isFile: boolean }> {
    switch (source.kind) {
      case "oci":
        return { name: await this.artifact(source), isFile: false };
      case "web":
        return { name: await this.webFile(source), isFile: true };
      case "file":
        return this.local(source);
      case "s3":
        return this.objects(source);
    }
  }

  private async artifact(source: OciReference): Promise<string> {
    const client = new RegistryClient(source, this.access);
    const manifest = await withRetries(() => client.manifest(), this.download.onRetry, this.download.wait);
    for (const layer of manifest.layers) {
      const title = safePath(layer.annotations?.[FILE_TITLE_ANNOTATION] ?? "", "The artifact");
      const partial = await this.staging.partial(layer.digest.replace(":", "-"));
      await downloadTo(partial, client.layer(layer), this.download);
      const file = join(this.staging.content, title);
      await mkdir(dirname(file), { recursive: true });
      await rename(partial, file);
    }
    return manifest.annotations?.[MODEL_NAME_ANNOTATION] ?? basename(source.repository);
  }

  private async webFile({ url }: WebReference): Promise<string> {
    const { sha256, version } = this.options;
    const file =
      sha256 === undefined
        ? join(this.staging.dir, "download")
        : await this.staging.partial(`sha256-${sha256}`);
    await downloadTo(file, webSource(url, this.access, sha256), this.download);
    const path = decoded(url.pathname);
    const signature = this.signed ? (to: string) => this.webSignature(url, to) : undefined;
    return installFile(this.staging.content, {
      file,
      path,
      version,
      maxBytes: this.download.maxBytes,
      signature,
    });
  }

  private async webSignature(url: URL, to: string): Promise<void> {
    const address = new URL(url);
    address.pathname += SIGNATURE_SUFFIX;
    const download = downloadTo(to, webSource(address, this.access), {
      ...this.download,
      maxBytes: LARGEST_SIGNATURE,
    });
    // A model without a signature is refused later on, with a sentence that names the file.
    await download.catch((error: unknown) => {
      if (isTransient(error) || !(error instanceof PullFailure)) throw error;
    });
  }

  private async local({ path }: FileReference): Promise<{ name: string; isFile: boolean }> {
    const { content, dir } = this.staging;
    const { sha256, version } = this.options;
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory()) {
      await cp(path, content, { recursive: true });
      return { name: basename(path), isFile: false };
    }
    if (!found?.isFile() || packagingOf(path) === undefined) {
      throw new PullFailure(
        `The model source (${path}) must be an existing folder of a model, or a file that ends in ${PACKAGINGS.join(", ")}.`,
      );
    }
    const file = join(dir, "download");
    await copyFile(path, file);
    const actual = sha256 === undefined ? undefined : await sha256OfFile(file);
    if (actual !== sha256) {
      throw new PullFailure(
        `${path} has the SHA-256 ${actual}, but \`--sha256\` says ${sha256}; nothing was installed.`,
      );
    }
    const signature = this.signed
      ? (to: string) => copyFile(`${path}${SIGNATURE_SUFFIX}`, to).catch(ignoreMissing)
      : undefined;
    const name = await installFile(content, {
      file,
      path,
      version,
      maxBytes: this.download.maxBytes,
      signature,
    });
    return { name, isFile: true };
  }

  private async objects(source: S3Reference): Promise<{ name: string; isFile: boolean }> {
    const { sha256, version, s3 = {} } = this.options;
    const found = await fetchObjects(source, s3, this.staging, {
      ...this.download,
      sha256,
      signed: this.signed,
    });
    if (found === undefined) return { name: basename(source.key), isFile: false };
    const { content } = this.staging;
    const signature = async (to: string) => {
      if (found.signature !== undefined) await rename(found.signature, to);
    };
    const { file } = found;
    const name = await installFile(content, {
      file,
      path: source.key,
      version,
      maxBytes: this.download.maxBytes,
      signature,
    });
    return { name, isFile: true };
  }
}

/** A path as a person wrote it; left alone where its escapes are none. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
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

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
