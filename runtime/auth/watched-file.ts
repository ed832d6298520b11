import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Logger } from "pino";
import { messageOf } from "../message-of";
import { UsageError } from "../option-table";
import { unreadable } from "../unreadable";

/** How often the file is read again. Polling, because mounted secrets change by a swap of links that inotify misses. */
const RELOAD_INTERVAL_MS = 10_000;

/** What a file says, parsed, and parsed again when it changes. What cannot be parsed leaves the last good one in force. */
export class WatchedFile<T> {
  private readonly timer: NodeJS.Timeout;
  private text: string;
  private value: T;

  /** @throws UsageError where the file cannot be read, or with what `parse` says of it */
  constructor(
    private readonly flag: string,
    private readonly file: string,
    /** Throws an Error whose message completes "`--flag` (file) …". */
    private readonly parse: (text: string) => T,
    private readonly log: Logger,
    intervalMs = RELOAD_INTERVAL_MS,
    private readonly onChange: () => void = () => undefined,
  ) {
    try {
      this.text = readFileSync(file, "utf8");
    } catch (error) {
      throw unreadable(flag, file, error);
    }
    try {
      this.value = parse(this.text);
    } catch (error) {
      throw new UsageError(`\`${flag}\` (${file}) ${messageOf(error)}`);
    }
    this.timer = setInterval(() => void this.reload(), intervalMs);
    this.timer.unref();
  }

  get current(): T {
    return this.value;
  }

  /** Reads the file again, as is also done from time to time. */
  async reload(): Promise<void> {
    try {
      const text = await readFile(this.file, "utf8");
      if (text === this.text) return;
      // Remembered even where it is broken, so that each broken state is complained of once.
      this.text = text;
      this.value = this.parse(text);
      this.onChange();
      this.log.info({ option: this.flag }, "the file has changed and is in force");
    } catch (error) {
      this.log.error(
        { option: this.flag, cause: messageOf(error) },
        "the file cannot be used; what it said before stays in force",
      );
    }
  }

  close(): void {
    clearInterval(this.timer);
  }
}
