import util from "node:util";

/** A stack frame in a file that lies in a package's folder itself, as far as its path tells. */
const FRAME_WITHOUT_FOLDER = /node_modules[/\\](?:@[^/\\\n]*[/\\])?[^/\\\n]*$/m;

/**
 * Loaded into programs and policy packs before anything else. Node's coloured `util.inspect` of an error with such a
 * frame does not end before it has used up a string's maximum length, a minute later (`markNodeModules` in Node 20 and
 * 22); and the SDK, whose source maps make such frames, prints every error that way. Such errors lose their colours.
 */
export function main(): void {
  const inspect = util.inspect;
  const guarded = (value: unknown, ...rest: unknown[]): string => {
    const [options] = rest;
    const coloured = typeof options === "object" && options !== null && "colors" in options && options.colors;
    if (coloured && value instanceof Error && FRAME_WITHOUT_FOLDER.test(value.stack ?? "")) {
      return inspect(value, { ...options, colors: false });
    }
    return (inspect as (value: unknown, ...rest: unknown[]) => string)(value, ...rest);
  };
  util.inspect = Object.assign(guarded, inspect) as typeof util.inspect;
}
