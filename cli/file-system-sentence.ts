const MENDS: Record<string, string> = {
  ENOSPC:
    "the disk is full; free space, or set SLIPWAY_STATE_DIR and SLIPWAY_CACHE_DIR to folders on a larger disk",
  EDQUOT:
    "your disk quota is used up; free space, or set SLIPWAY_STATE_DIR and SLIPWAY_CACHE_DIR to other folders",
  EROFS:
    "its file system is read-only; set SLIPWAY_STATE_DIR or SLIPWAY_CACHE_DIR to a folder that can be written",
  EACCES:
    "you may not; run this as the user that owns it, or set SLIPWAY_STATE_DIR or SLIPWAY_CACHE_DIR to a folder of yours",
  EMFILE: "too many files are open; raise the limit with `ulimit -n 65536`",
};

/** One sentence for what the operating system refused; undefined for any other error. */
export function fileSystemSentence(error: unknown): string | undefined {
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  const mend = code === undefined ? undefined : MENDS[code];
  if (mend === undefined) return undefined;
  return `cannot ${syscall ?? "use"} ${path ?? "a file"} (${code}): ${mend}`;
}
