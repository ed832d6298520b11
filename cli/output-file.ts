import { accessSync, constants, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { messageOf, SlipwayError } from "../toolchain/errors";

/** `-` on a command line. */
export const STDOUT = "-";

/**
 * A file that a command will write once its work is done: refused before the work where it cannot be written, and
 * never there half.
 */
export class OutputFile {
  private readonly target: string;
  /** Pipes and devices are written to as they are. */
  private readonly direct: boolean;

  /** @param flag the option that named the file, for the sentence where it cannot be written */
  constructor(
    private readonly flag: string,
    private readonly file: string,
  ) {
    const found = file === STDOUT ? undefined : statSync(file, { throwIfNoEntry: false });
    if (found?.isDirectory()) throw this.refusal("it is a folder; name a file in it");
    this.direct = file === STDOUT || (found !== undefined && !found.isFile());
    // A link stays one: what it leads to is replaced.
    this.target = found?.isFile() ? realpathSync(file) : file;
    if (!this.direct) this.check(found !== undefined);
  }

  private check(exists: boolean): void {
    const folder = dirname(this.target);
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
      throw this.refusal(`there is no folder ${folder}`);
    }
    try {
      if (exists) accessSync(this.target, constants.W_OK);
      const probe = this.beside();
      writeFileSync(probe, "", { flag: "wx" });
      rmSync(probe);
    } catch (error) {
      throw this.refusal(messageOf(error));
    }
  }

  /** In the same folder, since a rename across file systems is no rename. */
  private beside(): string {
    return join(dirname(this.target), `.${basename(this.target)}.${process.pid}.tmp`);
  }

  private refusal(why: string): SlipwayError {
    return new SlipwayError(`cannot write \`${this.flag}\` ${this.file}: ${why}`);
  }

  write(text: string): void {
    if (this.file === STDOUT) return void process.stdout.write(text);
    try {
      if (this.direct) return writeFileSync(this.target, text);
      const whole = this.beside();
      try {
        writeFileSync(whole, text);
        renameSync(whole, this.target);
      } catch (error) {
        rmSync(whole, { force: true });
        throw error;
      }
    } catch (error) {
      throw this.refusal(messageOf(error));
    }
  }
}
