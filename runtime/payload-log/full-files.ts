import { open, readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** A file that was full: `<path>.<number>`. */
export interface FullFile {
  readonly file: string;
  /** 1 is the newest. */
  readonly number: number;
  /** When its first entry was written, in milliseconds since 1970. */
  readonly began: number;
}

/** Every entry begins with its time. */
const TIME = /^\{"time":"([^"]{20,30})"/;
/** Bytes in which that is. */
const HEAD = 64;

/** The full files of a payload log, in no order. */
export async function fullFiles(path: string): Promise<FullFile[]> {
  const folder = dirname(path);
  const own = `${basename(path)}.`;
  const found: FullFile[] = [];
  for (const name of await readdir(folder)) {
    if (!name.startsWith(own) || !/^[1-9]\d{0,2}$/.test(name.slice(own.length))) continue;
    const file = join(folder, name);
    const began = await beginningOf(file);
    if (began !== undefined) found.push({ file, number: Number(name.slice(own.length)), began });
  }
  return found;
}

/** When the first entry of a file was written, as that says itself; undefined for what is no file. */
export async function beginningOf(file: string): Promise<number | undefined> {
  const handle = await open(file, "r").catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    const time = TIME.exec(buffer.toString("latin1", 0, bytesRead))?.[1];
    const began = time === undefined ? NaN : Date.parse(time);
    if (Number.isFinite(began)) return began;
    return (await handle.stat()).mtimeMs;
  } catch {
    return undefined;
  } finally {
    await handle.close();
  }
}
