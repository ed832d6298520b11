import { createHash } from "node:crypto";
import { mkdir, rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { SIGNATURE_SUFFIX } from "../models/model-trust";
import { openBucket } from "./open-bucket";
import { PullFailure } from "./pull-failure";
import { packagingOf, type S3Reference } from "./reference";
import { downloadTo, type DownloadOptions, type Source } from "./resumable-download";
import { withRetries } from "./retry";
import type { S3Access } from "./s3-access";
import type { Bucket, StoredObject } from "./s3-client";
import { isHidden, MOST_FILES, safePath } from "./safe-path";
import type { Staging } from "./staging";

export interface ObjectOptions extends DownloadOptions {
  /** Digest in hex of the object, where the source is a single one. */
  readonly sha256?: string;
  /** Whether the object beside it that holds its signature is wanted. */
  readonly signed: boolean;
}

/** Downloads the objects of a source. @returns the files where it is a single one, undefined where it is a model's folder */
export async function fetchObjects(
  { bucket: name, key }: S3Reference,
  access: S3Access,
  staging: Staging,
  options: ObjectOptions,
): Promise<{ file: string; signature?: string } | undefined> {
  const complete = { ...access, pathStyle: access.pathStyle ?? access.endpoint !== undefined };
  const bucket = openBucket(
    name,
    complete,
    (message, transient, cause) => new PullFailure(message, transient, { cause }),
  );
  try {
    if (packagingOf(key) !== undefined) {
      const file = await downloadKey(bucket, name, key, staging, options);
      const wanted = options.signed && packagingOf(key) === ".onnx";
      const plain = { ...options, sha256: undefined };
      const signature = wanted
        ? downloadKey(bucket, name, `${key}${SIGNATURE_SUFFIX}`, staging, plain)
        : undefined;
      return { file, signature: await signature?.catch(ignoreMissing) };
    }
    await fetchFolder(bucket, name, key, staging, options);
    return undefined;
  } finally {
    bucket.close();
  }
}

async function downloadKey(
  bucket: Bucket,
  name: string,
  key: string,
  staging: Staging,
  options: ObjectOptions,
): Promise<string> {
  const object = await withRetries(() => bucket.find(key), options.onRetry, options.wait);
  return download(bucket, name, object, staging, options);
}

/** A model without a signature is refused later on, with a sentence that names the file. */
function ignoreMissing(error: unknown): undefined {
  if (error instanceof PullFailure && !error.transient) return undefined;
  throw error;
}

async function fetchFolder(
  bucket: Bucket,
  name: string,
  prefix: string,
  staging: Staging,
  options: DownloadOptions,
): Promise<void> {
  const all = await withRetries(() => bucket.list(`${prefix}/`, MOST_FILES), options.onRetry, options.wait);
  const objects = all
    .map((object) => ({ object, path: object.key.slice(prefix.length + 1) }))
    // Consoles make an empty object for a folder.
    .filter(({ path }) => path !== "" && !path.endsWith("/") && !isHidden(path));
  if (objects.length === 0) throw new PullFailure(`s3://${name}/${prefix} holds no objects.`);
  const bytes = objects.reduce((sum, { object }) => sum + object.size, 0);
  if (bytes > options.maxBytes) {
    throw new PullFailure(
      `s3://${name}/${prefix} holds ${bytes} bytes, more than \`--max-bytes\` (${options.maxBytes}).`,
    );
  }
  const { maxBytes, onRetry, wait } = options;
  const plain = { maxBytes, onRetry, wait };
  for (const { object, path } of objects) {
    const file = join(staging.content, safePath(path, "The bucket"));
    await mkdir(dirname(file), { recursive: true });
    await rename(await download(bucket, name, object, staging, plain), file);
  }
}

async function download(
  bucket: Bucket,
  name: string,
  object: StoredObject,
  staging: Staging,
  options: DownloadOptions & { readonly sha256?: string },
): Promise<string> {
  const { key, size, etag } = object;
  // The tag names the content: a part that an earlier pull began is of the same.
  const id = createHash("sha256")
    .update(JSON.stringify([name, key, size, etag]))
    .digest("hex");
  const source: Source = {
    name: `s3://${name}/${key}`,
    size,
    sha256: options.sha256,
    tag: etag || undefined,
    open: (offset, _validator, signal) => bucket.open(object, offset, signal),
  };
  const file = await staging.partial(`${basename(key).slice(0, 40)}-${id}`);
  await downloadTo(file, source, options);
  return file;
}
