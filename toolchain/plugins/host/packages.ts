import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A package that needs a provider plugin, as its package.json says in its `pulumi` section. */
export interface ProviderPackage {
  readonly name: string;
  /** With a leading "v", as the engine wants it. */
  readonly version: string;
  readonly server?: string;
  readonly parameterization?: { readonly name: string; readonly version: string; readonly value: string };
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly dependencies?: { readonly [name: string]: string };
  readonly devDependencies?: { readonly [name: string]: string };
  readonly pulumi?: {
    readonly resource?: boolean;
    readonly name?: string;
    readonly version?: string;
    readonly server?: string;
    readonly parameterization?: ProviderPackage["parameterization"];
  };
}

function readManifest(folder: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  } catch {
    // Not a package: e.g. the `.bin` folder.
    return undefined;
  }
}

function* ancestors(folder: string): Generator<string> {
  for (let at = folder; ; at = dirname(at)) {
    yield at;
    if (dirname(at) === at) return;
  }
}

function* foldersIn(folder: string): Generator<string> {
  for (const entry of existsSync(folder) ? readdirSync(folder) : []) {
    if (!entry.startsWith(".")) yield join(folder, entry);
  }
}

function* installedPackages(nodeModules: string): Generator<string> {
  for (const folder of foldersIn(nodeModules)) {
    if (folder.startsWith(join(nodeModules, "@"))) yield* foldersIn(folder);
    else yield folder;
  }
}

function withV(version: string): string {
  return version.startsWith("v") ? version : `v${version}`;
}

function providerPackage(manifest: Manifest): ProviderPackage | undefined {
  const { pulumi } = manifest;
  if (pulumi?.resource !== true) return undefined;
  const version = pulumi.version ?? manifest.version;
  const name = pulumi.name ?? manifest.name?.replace(/^@[^/]*\//, "");
  if (version === undefined || name === undefined) return undefined;
  const { server, parameterization } = pulumi;
  return { name, version: withV(version), server, parameterization };
}

/** The provider packages that a program in this folder can import. The nearest version of each wins. */
export function requiredPackages(programDirectory: string): ProviderPackage[] {
  const found = new Map<string, ProviderPackage>();
  for (const folder of ancestors(programDirectory)) {
    for (const installed of installedPackages(join(folder, "node_modules"))) {
      const manifest = readManifest(installed);
      const required = manifest && providerPackage(manifest);
      if (required && !found.has(required.name)) found.set(required.name, required);
    }
  }
  return [...found.values()];
}

/** The program's direct dependencies with the versions that are installed. */
export function programDependencies(programDirectory: string): { name: string; version: string }[] {
  const root = [...ancestors(programDirectory)].find((folder) => existsSync(join(folder, "package.json")));
  if (root === undefined) return [];
  const manifest = readManifest(root);
  const wanted = { ...manifest?.dependencies, ...manifest?.devDependencies };
  return Object.keys(wanted).flatMap((name) => {
    const version = readManifest(join(root, "node_modules", name))?.version;
    return version === undefined ? [] : [{ name, version }];
  });
}
