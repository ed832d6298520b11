import { buildSync } from "esbuild";
import { join } from "node:path";

export const RENDER_FOLDER = join(__dirname, "../../../../audit/render");

/** The script of the HTML report, as it is committed. */
export function bundleClient(): string {
  const { outputFiles } = buildSync({
    entryPoints: [join(RENDER_FOLDER, "html/client/main.ts")],
    bundle: true,
    minify: true,
    write: false,
    platform: "browser",
    format: "iife",
    target: "es2022",
    charset: "ascii",
    legalComments: "none",
  });
  return outputFiles[0]!.text.trimEnd();
}
