import { constants, closeSync, fchmodSync, fstatSync, openSync } from "node:fs";
import { open, rename, rm, type FileHandle } from "node:fs/promises";
import { UsageError } from "../option-table";
import type { PayloadSink } from "./delivery-queue";
import { beginningOf, fullFiles } from "./full-files";

/** Requests may hold what nobody but the server's own user should read. */
const MODE = 0o600;

export interface RotationLimits {
  /** Bytes of one file, unless a single batch is larger. */
  readonly maxBytes: number;
  /** Full files that are kept. @default 1 */
  readonly files?: number;
  /** Milliseconds after which an entry is deleted at the latest; 0 for no limit. @default 0 */
  readonly retentionMs?: number;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** Milliseconds between two looks for what is too old, at least and at most. */
const SHORTEST_LOOK = 1000;
const LONGEST_LOOK = 3_600_000;

/**
 * A file of lines that becomes `<file>.1` when it is full, or when its first entry has half of the retention's age; older ones are
 * numbered on. A full file is deleted when there are too many, or when its first entry is as old as the retention allows: an entry is
 * there for at least half of that time, and never longer.
 */
export class RotatingFile implements PayloadSink {
  private handle: FileHandle | undefined;
  private size = 0;
  /** When the file's first entry was written; undefined where it has none, or nobody has looked. */
  private began: number | undefined;
  private readonly timer: NodeJS.Timeout | undefined;
  private readonly files: number;
  private readonly retentionMs: number;
  private readonly now: () => number;
  /** Whatever is done to the files is done one after another. */
  private turn: Promise<unknown> = Promise.resolve();

  /** @throws UsageError where the file cannot be written */
  constructor(
    private readonly path: string,
    private readonly limits: RotationLimits,
  ) {
    requireWritable(path);
    this.files = limits.files ?? 1;
    this.retentionMs = limits.retentionMs ?? 0;
    this.now = limits.now ?? Date.now;
    if (this.retentionMs === 0) return;
    const look = Math.min(LONGEST_LOOK, Math.max(SHORTEST_LOOK, this.retentionMs / 20));
    this.timer = setInterval(() => void this.expire().catch(() => undefined), look);
    this.timer.unref();
    void this.expire().catch(() => undefined);
  }

  deliver(lines: readonly string[]): Promise<void> {
    return this.inTurn(() => this.append(lines));
  }

  /** Deletes what is too old. Called from time to time, so that a server without requests does it as well. */
  expire(): Promise<void> {
    return this.inTurn(async () => {
      if (this.retentionMs === 0) return;
      await this.open();
      if (this.isHalfway()) await this.rotate();
      for (const { file, began } of await fullFiles(this.path)) {
        if (this.now() - began >= this.retentionMs) await rm(file, { force: true });
      }
    });
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.inTurn(() => this.release());
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => undefined);
    return done;
  }

  private async append(lines: readonly string[]): Promise<void> {
    const batch = Buffer.from(lines.map((line) => `${line}\n`).join(""));
    let handle = await this.open();
    if (this.isHalfway() || (this.size > 0 && this.size + batch.length > this.limits.maxBytes)) {
      await this.rotate();
      handle = await this.open();
    }
    try {
      await handle.appendFile(batch);
      this.size += batch.length;
      this.began ??= this.now();
    } catch (error) {
      // A full disk takes part of it, and half a line would spoil the next one too.
      await handle.truncate(this.size).catch(() => undefined);
      await this.release();
      throw error;
    }
  }

  private isHalfway(): boolean {
    return (
      this.retentionMs > 0 && this.began !== undefined && this.now() - this.began >= this.retentionMs / 2
    );
  }

  private async rotate(): Promise<void> {
    await this.release();
    const kept = (await fullFiles(this.path)).sort((a, b) => b.number - a.number);
    for (const { file, number } of kept) {
      if (number >= this.files) await rm(file, { force: true });
      else await rename(file, `${this.path}.${number + 1}`);
    }
    await rename(this.path, `${this.path}.1`);
  }

  private async release(): Promise<void> {
    const { handle } = this;
    this.handle = this.began = undefined;
    await handle?.close().catch(() => undefined);
  }

  private async open(): Promise<FileHandle> {
    if (this.handle) return this.handle;
    const handle = await open(this.path, "a", MODE);
    try {
      await handle.chmod(MODE);
      this.size = (await handle.stat()).size;
      this.began = this.size > 0 && this.retentionMs > 0 ? await beginningOf(this.path) : undefined;
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
