import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/** Where system administration programs lie; not on every user's PATH. */
const SYSTEM_FOLDERS = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/bin", "/bin"];

/** Every executable of that name on PATH, then in the system's folders; in order, without repetition. */
export function findPrograms(name: string, systemFolders: readonly string[] = SYSTEM_FOLDERS): string[] {
  if (isAbsolute(name)) return existsSync(name) ? [name] : [];
  const folders = [...(process.env.PATH ?? "").split(delimiter).filter(isAbsolute), ...systemFolders];
  return [...new Set(folders)].map((folder) => join(folder, name)).filter(isExecutable);
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
