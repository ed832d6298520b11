import { readFileSync } from "node:fs";

/** A plugin of the engine that this project brings along. */
export interface PluginSpec {
  readonly kind: "resource" | "language" | "analyzer";
  readonly name: string;
  /** Exactly the version that programs ask for, which is that of their SDK package. */
  readonly version: string;
  /** The module under toolchain/plugins whose `main(version)` is the plugin. */
  readonly module: string;
  /** A module whose `main()` the plugin has its own children load first; installed beside it as `preload.cjs`. */
  readonly preload?: string;
}

/** Provider plugins and the npm package whose version a program asks for. */
const PROVIDERS = {
  kubernetes: "@pulumi/kubernetes",
  tls: "@pulumi/tls",
  aws: "@pulumi/aws",
  docker: "@pulumi/docker",
  command: "@pulumi/command",
} as const;

/** Wherever npm has put the package: beside this project's own, or in the project that installed this one. */
function installedVersion(packageName: string): string {
  const file = require.resolve(`${packageName}/package.json`);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

/** Every plugin, with the versions of the SDK packages that are installed. */
export function catalogue(): PluginSpec[] {
  const sdk = installedVersion("@pulumi/pulumi");
  return [
    { kind: "language", name: "nodejs", version: sdk, module: "host/main", preload: "host/preload" },
    { kind: "analyzer", name: "policy-nodejs", version: sdk, module: "analyzer/main" },
    { kind: "resource", name: "pulumi-nodejs", version: sdk, module: "dynamic/main" },
    ...Object.entries(PROVIDERS).map(([name, packageName]): PluginSpec => {
      return { kind: "resource", name, version: installedVersion(packageName), module: `${name}/main` };
    }),
  ];
}

/** The name of the plugin's executable, as the engine looks for it. */
export function executableName({ kind, name }: PluginSpec): string {
  return `pulumi-${kind}-${name}`;
}

/** The name of the plugin's folder in PULUMI_HOME/plugins. */
export function folderName({ kind, name, version }: PluginSpec): string {
  return `${kind}-${name}-v${version}`;
}
