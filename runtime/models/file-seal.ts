import { lstat, stat } from "node:fs/promises";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds within which two changes may get the same time: systems count files' times in ticks. */
const TICK_MS = 100;

/**
 * What a file was before its content was checked. onnxruntime opens weights beside a model by itself, after the check: it has
 * read what was checked only where nothing has changed in between.
 */
export class FileSeal {
  private constructor(
    private readonly file: string,
    private readonly stamp: string,
  ) {}

  /** To be awaited before the file is read. @throws as `stat` does */
  static async of(file: string): Promise<FileSeal> {
    const stamp = await stampOf(file);
    // A change in the tick of the last one could not be told from it.
    const { ctimeMs } = await stat(file);
    if (Date.now() - ctimeMs < TICK_MS) await sleep(TICK_MS);
    return new FileSeal(file, stamp);
  }

  /** @throws Error with a public sentence */
  async requireUnchanged(): Promise<void> {
    const stamp = await stampOf(this.file).catch(() => undefined);
    if (stamp === this.stamp) return;
    throw new Error(
      `\`${basename(this.file)}\` was changed while the model was being loaded, after it had been checked; load the model again when the file is complete.`,
    );
  }
}

/** Of the file, and of the link to it where it is one. */
async function stampOf(file: string): Promise<string> {
  const stats = await Promise.all([stat(file, { bigint: true }), lstat(file, { bigint: true })]);
  return stats
    .map(({ dev, ino, size, mtimeNs, ctimeNs }) => [dev, ino, size, mtimeNs, ctimeNs].join(":"))
    .join(" ");
}
