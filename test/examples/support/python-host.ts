import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PACKAGE_FLAGS } from "../../../toolchain/build/go-group";
import { GO_ENVIRONMENT, findGo } from "../../../toolchain/build/go-toolchain";
import { GO_GROUPS } from "../../../toolchain/build/tool-groups";
import { cachedFolder } from "../../clients/support/cached-folder";
import { mustRun, virtualEnvironment } from "../../clients/support/python";

const REQUIREMENTS = join(__dirname, "requirements.txt");
const GENERATOR = join(__dirname, "python-sdk/main.go");

/** Programs that a Pulumi program in Python needs here: an interpreter with the SDK, and the engine's generator of packages. */
export interface PythonTools {
  readonly python: string;
  /** Writes the package `pulumi_slipway` of a schema into a folder, and makes it importable from there. */
  generate(schema: object & { version?: string }, folder: string): Promise<void>;
}

/** Python, its packages, Go or its modules cannot be had on this machine. */
export class Unavailable extends Error {}

const unavailable = (error: unknown): never => {
  throw new Unavailable(error instanceof Error ? error.message : String(error));
};

/** Installs what is needed, once. @throws Unavailable */
export async function pythonTools(): Promise<PythonTools> {
  const programs = await virtualEnvironment("pulumi-python", REQUIREMENTS).catch(unavailable);
  const generator = await builtGenerator();
  return {
    python: join(programs, "python"),
    async generate(schema, folder) {
      mkdirSync(folder, { recursive: true });
      const file = join(folder, "schema.json");
      writeFileSync(file, JSON.stringify(schema));
      await mustRun(generator, [file, folder]);
      // What pip would write; the package asks for its own version.
      const metadata = join(folder, `pulumi_slipway-${schema.version}.dist-info/METADATA`);
      mkdirSync(dirname(metadata), { recursive: true });
      writeFileSync(metadata, `Metadata-Version: 2.1\nName: pulumi_slipway\nVersion: ${schema.version}\n`);
    },
  };
}

/** The CLI leaves this to a language's host; what the hosts call is a package of the engine's own modules. */
async function builtGenerator(): Promise<string> {
  const go = await findGo();
  if (!go) throw new Unavailable("Go was not found on PATH");
  const { graph } = GO_GROUPS.engine;
  const recipe = [GENERATOR, join(graph, "go.mod"), join(graph, "go.sum")].map((file) =>
    readFileSync(file, "utf8"),
  );
  const folder = await cachedFolder("pulumi-python-sdk", recipe.join("\n"), async (target) => {
    mkdirSync(target);
    const args = ["build", ...PACKAGE_FLAGS, "-o", join(target, "generate"), GENERATOR];
    const build = mustRun(go.path, args, { cwd: graph, env: { ...process.env, ...GO_ENVIRONMENT } });
    // A mistake in the generator itself is no reason to go without it.
    await build.catch((error: Error) =>
      error.message.includes("main.go:") ? Promise.reject(error) : unavailable(error),
    );
  });
  return join(folder, "generate");
}
