import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import type { Logger } from "pino";
import { messageOf } from "../message-of";
import { UsageError } from "../option-table";
import type { LedgerRecord } from "./ledger";

/** Of the file's form. */
const VERSION = 1;

/** Where the ledger outlives its process. */
export class StateFile {
  constructor(private readonly file: string) {}

  /** What an earlier process left; nothing where there is no file, or none that can be understood. */
  read(log: Logger): LedgerRecord[] {
    try {
      const { version, records } = JSON.parse(readFileSync(this.file, "utf8")) as {
        version: unknown;
        records: LedgerRecord[];
      };
      if (version !== VERSION) throw new Error(`its version (${String(version)}) is not ${VERSION}`);
      for (const { id, model, at } of records) {
        if (typeof id !== "string" || typeof model !== "string" || !Number.isFinite(at)) {
          throw new Error("one of its records is none");
        }
      }
      return records;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") {
        log.warn(
          { file: this.file, cause: messageOf(error) },
          "the state cannot be read: what has been triggered before is not known",
        );
      }
      return [];
    }
  }

  /** Whole or not at all, and on the disk: a process may end at any moment. @throws where it cannot be written */
  write(records: readonly LedgerRecord[]): void {
    const whole = `${this.file}.tmp`;
    try {
      const handle = openSync(whole, "w", 0o600);
      try {
        // Not `writeSync`, which may write a part of it where the volume is nearly full, and says so only by a number.
        writeFileSync(handle, Buffer.from(JSON.stringify({ version: VERSION, records })));
        fsyncSync(handle);
      } finally {
        closeSync(handle);
      }
      renameSync(whole, this.file);
    } catch (error) {
      rmSync(whole, { force: true });
      throw error;
    }
  }

  /** Says at once what the first alert would run into. @throws UsageError */
  requireWritable(records: readonly LedgerRecord[]): void {
    try {
      this.write(records);
    } catch (error) {
      throw new UsageError(
        `\`--state-file\` (${this.file}) cannot be written (${(error as NodeJS.ErrnoException).code ?? messageOf(error)}); name a file in a folder that the server may write to.`,
      );
    }
  }
}
