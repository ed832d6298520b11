import { mkdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { SlipwayError } from "./errors";

function xdg(variable: string, fallback: string): string {
  const value = process.env[variable];
  // The XDG specification says that a relative path is invalid and must be ignored.
  return value?.startsWith("/") ? value : join(homedir(), fallback);
}

/** Where built binaries live: safe to delete at any time while nothing is up. `SLIPWAY_CACHE_DIR` overrides it. */
export function cacheDir(): string {
  return resolve(process.env.SLIPWAY_CACHE_DIR || join(xdg("XDG_CACHE_HOME", ".cache"), "slipway"));
}

/** Where the cluster's data, Pulumi's state and keys live; readable by the owner alone. `SLIPWAY_STATE_DIR` overrides it. */
export function stateDir(): string {
  const dir = resolve(
    process.env.SLIPWAY_STATE_DIR || join(xdg("XDG_STATE_HOME", ".local/state"), "slipway"),
  );
  try {
    ensurePrivateFolder(dir);
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    throw new SlipwayError(
      `the state folder ${dir} cannot be made (${code}); make its parent writable, or set SLIPWAY_STATE_DIR to a folder that is`,
    );
  }
  return dir;
}

/** Not `recursive`: Node then tries for ever where the parent takes no folders at all, as /proc does. */
function ensurePrivateFolder(dir: string): void {
  const found = statSync(dir, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  if (found) throw Object.assign(new Error(`${dir} is a file`), { code: "ENOTDIR" });
  ensurePrivateFolder(dirname(dir));
  try {
    mkdirSync(dir, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** The folder that holds package.json: the checkout, or the installed package. */
export const projectRoot = join(__dirname, "..");
