import { join } from "node:path";
import { NODE_BUNDLE } from "../bundle-settings";
import { projectRoot } from "../paths";

const pluginsFolder = join(projectRoot, "toolchain", "plugins");

/**
 * Makes one file of a module and all that it imports, which calls the module's `main` with a version: plugins start
 * with every command, and one file loads several times faster than a thousand.
 * @param module below toolchain/plugins, e.g. `tls/main`
 */
export async function bundleModule(module: string, version: string): Promise<string> {
  // Not at the top: programs that find everything installed already need no bundler.
  const { build } = await import("esbuild");
  const { outputFiles } = await build({
    stdin: {
      contents: `require("./${module}").main(${JSON.stringify(version)});`,
      resolveDir: pluginsFolder,
      loader: "js",
    },
    ...NODE_BUNDLE,
    keepNames: true,
    write: false,
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`Bundling ${module} gave no file.`);
  return file.text;
}
