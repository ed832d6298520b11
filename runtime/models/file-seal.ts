import { lstat, stat, statfs } from "node:fs/promises";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds within which two changes may get the same time: systems count files' times in ticks. */
const TICK_MS = 100;

/** Linux's number of file systems in user space. */
const FUSE = 0x65735546;

/**
 * What a file was before its content was checked. onnxruntime opens weights beside a model by itself, after the check: it has
 * read what was checked only where nothing has changed in between. Mounts in user space, such as those of buckets, may number
 * and time a file anew whenever it is looked up: there, and only there, pinned content is enough.
 */
export class FileSeal {
  /** Whether the file is what it has to be, by its content alone. */
  private isGenuine: (() => Promise<boolean>) | undefined;

  private constructor(
    private readonly file: string,
    private stamp: string,
    private readonly isUnsteady: (file: string) => Promise<boolean>,
  ) {}

  /**
   * To be awaited before the file is read.
   * @param isUnsteady whether the file's number and times say nothing; replaced in tests
   * @throws as `stat` does
   */
  static async of(file: string, isUnsteady = isInUserSpace): Promise<FileSeal> {
    const stamp = await stampOf(file);
    // A change in the tick of the last one could not be told from it.
    const { ctimeMs } = await stat(file);
    if (Date.now() - ctimeMs < TICK_MS) await sleep(TICK_MS);
    return new FileSeal(file, stamp, isUnsteady);
  }

  /** For files whose content is pinned. @param digest of the file as it is when that is called */
  pin(sha256: string, digest: () => Promise<string>): void {
    this.isGenuine = async () => (await digest()) === sha256;
  }

  /** @throws Error with a public sentence */
  async requireUnchanged(): Promise<void> {
    const stamp = await stampOf(this.file).catch(() => undefined);
    if (stamp === this.stamp) return;
    if (stamp !== undefined && (await this.hasSameContent().catch(() => false))) {
      this.stamp = stamp;
      return;
    }
    throw new Error(
      `\`${basename(this.file)}\` was changed while the model was being loaded, after it had been checked; load the model again when the file is complete.`,
    );
  }

  private async hasSameContent(): Promise<boolean> {
    return this.isGenuine !== undefined && (await this.isUnsteady(this.file)) && this.isGenuine();
  }
}

async function isInUserSpace(file: string): Promise<boolean> {
  return (await statfs(file)).type === FUSE;
}

/** Of the file, and of the link to it where it is one. */
async function stampOf(file: string): Promise<string> {
  const stats = await Promise.all([stat(file, { bigint: true }), lstat(file, { bigint: true })]);
  return stats
    .map(({ dev, ino, size, mtimeNs, ctimeNs }) => [dev, ino, size, mtimeNs, ctimeNs].join(":"))
    .join(" ");
}
