import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

function xdg(variable: string, fallback: string): string {
  const value = process.env[variable];
  // The XDG specification says that a relative path is invalid and must be ignored.
  return value?.startsWith("/") ? value : join(homedir(), fallback);
}

/** Where built binaries live: safe to delete at any time while nothing is up. `SLIPWAY_CACHE_DIR` overrides it. */
export function cacheDir(): string {
  return process.env.SLIPWAY_CACHE_DIR ?? join(xdg("XDG_CACHE_HOME", ".cache"), "slipway");
}

/** Where the cluster's data, Pulumi's state and keys live; readable by the owner alone. `SLIPWAY_STATE_DIR` overrides it. */
export function stateDir(): string {
  const dir = process.env.SLIPWAY_STATE_DIR ?? join(xdg("XDG_STATE_HOME", ".local/state"), "slipway");
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  return dir;
}

/** The folder that holds package.json: the checkout, or the installed package. */
export const projectRoot = join(__dirname, "..");
