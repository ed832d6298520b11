/** Reasons outside the store: they go away when mended, and the store must wait for that. */
const OUTSIDE =
  /no space left on device|address already in use|permission denied|too many open files|cannot allocate memory|operation not permitted|certificate|read-only file system|input\/output error/i;
/** What etcd, its log and its database say about files that they cannot make sense of. */
const UNREADABLE =
  /crc mismatch|corrupt|invalid database|version mismatch|checksum error|unexpected EOF|unmarshal|failed to recover|snap(shot)?: |wal: |walpb: |bbolt|backend\.go|^panic: |fault address/im;

/** Whether etcd's words, since it was started, mean that its store cannot be read; anything else is not to be wiped. */
export function isUnreadableStore(log: string): boolean {
  return UNREADABLE.test(log) && !OUTSIDE.test(log);
}
