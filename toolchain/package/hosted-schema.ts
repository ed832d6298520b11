import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer";
import { generateSchema, type PackageSpec } from "@pulumi/pulumi/provider/experimental/schema";
import { projectRoot } from "../paths";

const PACKAGE = "slipway";
const SURFACE = join(projectRoot, "components/hosted/index.ts");

/**
 * The schema of the components for other languages, read from their TypeScript by Pulumi's own analyzer. The version is left
 * out: the plugin fills it in.
 */
export function hostedSchema(): PackageSpec {
  const { description } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as {
    description: string;
  };
  const folder = mkdtempSync(join(tmpdir(), "slipway-schema-"));
  try {
    // The analyzer takes a folder with a tsconfig.json: only the surface and what it imports is to be read.
    const config = { extends: join(projectRoot, "tsconfig.json"), files: [SURFACE], include: [] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    const analyzer = new Analyzer(folder, PACKAGE, { main: SURFACE }, componentNames());
    const { components, typeDefinitions, dependencies } = analyzer.analyze();
    const schema = generateSchema(PACKAGE, "", description, components, typeDefinitions, dependencies);
    delete schema.version;
    return JSON.parse(JSON.stringify(schema)) as PackageSpec;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the surface exports, by its own words. */
function componentNames(): Set<string> {
  const exported = readFileSync(SURFACE, "utf8").matchAll(/^export \{ (\w+) \} from/gm);
  return new Set([...exported].map(([, name]) => name!));
}
