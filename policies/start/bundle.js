const { dirname, join } = require("node:path");

const PACK = dirname(__dirname);
const SDK = dirname(require.resolve("@pulumi/policy"));

/**
 * The main module of Pulumi's SDK loads all of it, npm's dependency resolver included; what the policy SDK uses of it are these
 * two names.
 */
const USED = `exports.asset = require("@pulumi/pulumi/asset");
exports.Output = require("@pulumi/pulumi/output").Output;`;

const sdkModules = {
  name: "sdk-modules",
  setup(build) {
    build.onResolve({ filter: /^@pulumi\/pulumi$/ }, ({ importer }) =>
      dirname(importer) === SDK ? { path: "used", namespace: "sdk" } : undefined,
    );
    build.onLoad({ filter: /^used$/, namespace: "sdk" }, () => ({ contents: USED, resolveDir: SDK }));
    // What the pack changes in the SDK must be the copies that the SDK itself uses, wherever npm has put them.
    build.onResolve({ filter: /^@(grpc\/grpc-js|pulumi\/pulumi\/.+)$/ }, ({ path, importer, kind }) =>
      importer.startsWith(join(PACK, "crossguard"))
        ? build.resolve(path, { kind, resolveDir: SDK, importer: SDK })
        : undefined,
    );
  },
};

/**
 * Makes one file of the pack's TypeScript and all that it imports.
 * @returns {Promise<{source: string, map: string}>} the file and its source map
 */
async function bundle() {
  // Not at the top: most starts need no bundler.
  const { build, stop } = require("esbuild");
  try {
    const { outputFiles } = await build({
      entryPoints: [join(PACK, "pack.ts")],
      outfile: join(PACK, "pack.js"),
      bundle: true,
      platform: "node",
      format: "cjs",
      target: "node20",
      sourcemap: "linked",
      sourcesContent: false,
      plugins: [sdkModules],
      write: false,
      logLevel: "silent",
    });
    const [map, source] = [".js.map", ".js"].map(
      (end) => outputFiles.find(({ path }) => path.endsWith(end)).text,
    );
    return { source, map };
  } finally {
    // Its process would stay for as long as this one.
    await stop();
  }
}

module.exports = { bundle };
