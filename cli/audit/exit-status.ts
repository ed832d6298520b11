import { InputError } from "../../audit/input-error";
import { plainText } from "../../rollout/record/plain-text";
import { SlipwayError } from "../../toolchain/errors";

/** Exit status where a mandatory control fails unwaived or was not judged by the run, or a waiver does not hold. */
export const EXIT_FAILED = 2;
/** Exit status for wrong usage, as sysexits.h has it. */
export const EX_USAGE = 64;
/** Exit status for a file that cannot be judged, as sysexits.h has it. */
export const EX_DATAERR = 65;

/** Runs what reads a file; what is wrong with it becomes a sentence that names the file. */
export function reading<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const message = error.message.replace(/^line (\d+): /, "(line $1) ");
    throw new SlipwayError(`${file} ${plainText(message)}`, EX_DATAERR);
  }
}
