import { constants, closeSync, fchmodSync, fstatSync, openSync } from "node:fs";
import { open, rename, type FileHandle } from "node:fs/promises";
import { UsageError } from "../option-table";
import type { PayloadSink } from "./delivery-queue";

/** Requests may hold what nobody but the server's own user should read. */
const MODE = 0o600;

/** A file of lines that becomes `<file>.1` when it is full; one old file is kept. */
export class RotatingFile implements PayloadSink {
  private handle: FileHandle | undefined;
  private size = 0;

  /** @throws UsageError where the file cannot be written */
  constructor(
    private readonly path: string,
    /** Bytes of one file, unless a single batch is larger. */
    private readonly maxBytes: number,
  ) {
    requireWritable(path);
  }

  async deliver(lines: readonly string[]): Promise<void> {
    const batch = Buffer.from(lines.map((line) => `${line}\n`).join(""));
    let handle = await this.open();
    if (this.size > 0 && this.size + batch.length > this.maxBytes) {
      await this.close();
      await rename(this.path, `${this.path}.1`);
      handle = await this.open();
    }
    try {
      await handle.appendFile(batch);
      this.size += batch.length;
    } catch (error) {
      // A full disk takes part of it, and half a line would spoil the next one too.
      await handle.truncate(this.size).catch(() => undefined);
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const { handle } = this;
    this.handle = undefined;
    await handle?.close().catch(() => undefined);
  }

  private async open(): Promise<FileHandle> {
    if (this.handle) return this.handle;
    const handle = await open(this.path, "a", MODE);
    try {
      await handle.chmod(MODE);
      this.size = (await handle.stat()).size;
    } catch (error) {
      await handle.close();
      throw error;
    }
    return (this.handle = handle);
  }
}

/** Says at once what the first entry would run into. */
function requireWritable(path: string): void {
  const refuse = (why: string) =>
    new UsageError(
      `\`--payload-log\` (${path}) ${why}; name a file in a folder that the server may write to.`,
    );
  let file: number;
  try {
    // Without blocking: to open a pipe would wait for its reader.
    file = openSync(
      path,
      constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NONBLOCK,
      MODE,
    );
  } catch (error) {
    throw refuse(`cannot be opened (${(error as NodeJS.ErrnoException).code})`);
  }
  try {
    if (!fstatSync(file).isFile()) throw refuse("is no regular file");
    fchmodSync(file, MODE);
  } finally {
    closeSync(file);
  }
}
