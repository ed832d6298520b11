import { messageOf } from "../message-of";
import { PullFailure } from "./pull-failure";

/** What a failure that is no PullFailure means to whoever pulled: most come from the file system. */
export function installFailure(source: string, to: string, error: unknown): PullFailure {
  return new PullFailure(`${source} cannot be installed in ${to}: ${reason(error)}.`, false, {
    cause: error,
  });
}

function reason(error: unknown): string {
  switch ((error as NodeJS.ErrnoException | undefined)?.code) {
    case "ENOSPC":
    case "EDQUOT":
      return "its volume has no space left; an archive needs room for itself and for what is in it";
    case "EROFS":
      return "its volume is read-only";
    case "EACCES":
    case "EPERM":
      return "this user may not write there";
    default:
      return messageOf(error);
  }
}
