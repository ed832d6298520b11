import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { PassThrough, Transform, type Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract, type Extract } from "tar-stream";
import { messageOf } from "../message-of";
import { PullFailure } from "./pull-failure";
import { isHidden, MOST_FILES, safePath } from "./safe-path";

/** One folder more than a model has: an archive often holds the model's folder rather than what is in it. */
const DEEPEST = 5;

/**
 * Unpacks a tar archive of a model's folder: files and folders only, nothing outside of it.
 * @param maxBytes of all files together, however small the archive is
 * @returns the name of the folder in the archive that held everything, if there was one
 */
export async function unpack(
  archive: string,
  dir: string,
  { compressed, maxBytes }: { readonly compressed: boolean; readonly maxBytes: number },
): Promise<string | undefined> {
  const entries = extract();
  const stages = [
    createReadStream(archive),
    compressed ? createGunzip() : new PassThrough(),
    bounded(maxBytes),
  ];
  let refusal: unknown;
  const written = writeEntries(entries, dir, (error) => {
    if (isOurs(error)) refusal = error;
  });
  try {
    // Both are needed: an archive that breaks before its first entry would leave the entries waiting for ever.
    await Promise.all([pipeline([...stages, entries]), written]);
  } catch (error) {
    throw readable(refusal ?? error);
  }
  return liftOnlyFolder(dir);
}

/** Lets so many bytes of a tar stream pass. Its headers count: they are as cheap to repeat as anything else. */
function bounded(maxBytes: number): Transform {
  let left = maxBytes;
  return new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      left -= chunk.length;
      const error =
        left < 0 ? new PullFailure(`The archive unpacks to more than \`--max-bytes\` (${maxBytes}).`) : null;
      callback(error, chunk);
    },
  });
}

/** @param failed told before the entries are destroyed, which fails whatever feeds them with words of its own */
async function writeEntries(entries: Extract, dir: string, failed: (error: unknown) => void): Promise<void> {
  let files = 0;
  for await (const entry of entries) {
    try {
      if (entry.header.type === "file" && ++files > MOST_FILES) {
        throw new PullFailure(`The archive holds more than ${MOST_FILES} files.`);
      }
      await take(entry, dir);
    } catch (error) {
      failed(error);
      throw error;
    }
  }
}

type Entry = Extract extends AsyncIterable<infer Item> ? Item : never;

async function take(entry: Entry, dir: string): Promise<void> {
  const { name, type } = entry.header;
  const path = name.replace(/^(\.\/)+/, "").replace(/\/+$/, "");
  if (type === "file" && path !== "" && !isHidden(path)) {
    await write(entry as unknown as Readable, join(dir, safePath(path, "The archive", DEEPEST)));
  } else if (type === "file" || type === "directory") {
    entry.resume();
  } else {
    throw new PullFailure(
      `The archive holds a ${type} (${path.slice(0, 200)}); only files and folders are taken.`,
    );
  }
}

async function write(entry: Readable, file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await pipeline(entry, createWriteStream(file, { flags: "wx", mode: 0o644 }));
}

/** Whether an error is our own or the file system's, rather than about what the archive looks like. */
function isOurs(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? "";
  return error instanceof PullFailure || /^E(?!RR_)[A-Z]+$/.test(code);
}

function readable(error: unknown): unknown {
  if ((error as NodeJS.ErrnoException).code === "EEXIST")
    return new PullFailure("The archive holds a file twice.");
  if (isOurs(error)) return error;
  return new PullFailure(`The archive cannot be read: ${messageOf(error)}.`, false, { cause: error });
}

/** Where everything lies in one folder that is no version, its content takes its place. */
async function liftOnlyFolder(dir: string): Promise<string | undefined> {
  const entries = await readdir(dir, { withFileTypes: true });
  const [only] = entries;
  if (entries.length !== 1 || !only?.isDirectory() || /^\d+$/.test(only.name)) return undefined;
  // Moved aside first: an entry of it may have its very name.
  const aside = `${dir}.lifted`;
  await rename(join(dir, only.name), aside);
  for (const name of await readdir(aside)) await rename(join(aside, name), join(dir, name));
  await rm(aside, { recursive: true });
  return only.name;
}
