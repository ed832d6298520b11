import { accessSync, constants, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { messageOf, SlipwayError } from "../../toolchain/errors";

/** A folder that reports will be written to: refused before the work where it cannot be, and never left with half of them. */
export class ReportFolder {
  constructor(readonly path: string) {
    try {
      mkdirSync(path, { recursive: true });
      if (!statSync(path).isDirectory()) throw new Error("it is no folder");
      accessSync(path, constants.W_OK | constants.X_OK);
    } catch (error) {
      throw this.refusal(error);
    }
  }

  /** Writes all files beside their names first: unless every one is whole, none takes its place. */
  write(files: Readonly<Record<string, string>>): string[] {
    const names = Object.keys(files);
    const beside = (name: string) => join(this.path, `.${name}.${process.pid}.tmp`);
    try {
      for (const name of names) {
        const found = statSync(join(this.path, name), { throwIfNoEntry: false });
        if (found?.isDirectory()) throw new Error(`${name} in it is a folder`);
        writeFileSync(beside(name), files[name]!);
      }
      for (const name of names) renameSync(beside(name), join(this.path, name));
    } catch (error) {
      throw this.refusal(error);
    } finally {
      for (const name of names) rmSync(beside(name), { force: true });
    }
    return names.map((name) => join(this.path, name));
  }

  private refusal(error: unknown): SlipwayError {
    return new SlipwayError(`cannot write \`--out\` ${this.path}: ${messageOf(error)}`);
  }
}
