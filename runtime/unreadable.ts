import { UsageError } from "./option-table";
import { messageOf } from "./message-of";

const REASONS: Record<string, string> = {
  ENOENT: "it does not exist",
  EACCES: "this user may not read it",
  ENOTDIR: "it is a file, not a folder",
  EISDIR: "it is a folder, not a file",
};

/** For a file or folder that an option names and that cannot be read. */
export function unreadable(flag: string, file: string, error: unknown): UsageError {
  const { code = "" } = error as NodeJS.ErrnoException;
  return new UsageError(`\`${flag}\` (${file}) cannot be read: ${REASONS[code] ?? messageOf(error)}.`);
}
