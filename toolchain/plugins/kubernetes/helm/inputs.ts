import { readFileSync } from "node:fs";
import { Asset, isList, isObject, reveal, unwrap } from "../../shared/values";
import type { Properties, Value } from "../../shared/values";

/** A release's inputs, as far as helm's command line takes them. */
export interface ReleaseInputs {
  readonly name: string;
  readonly namespace: string;
  readonly chart: string;
  readonly version?: string;
  readonly repository?: string;
  readonly createNamespace: boolean;
  readonly atomic: boolean;
  readonly skipAwait: boolean;
  readonly skipCrds: boolean;
  readonly dependencyUpdate: boolean;
  /** In seconds. @default 300 */
  readonly timeout: number;
  /** YAML texts; later ones win. JSON is YAML. */
  readonly values: readonly string[];
}

const DEFAULT_TIMEOUT_SECONDS = 300;

function text(value: Value): string | undefined {
  const plain = unwrap(value);
  return typeof plain === "string" && plain !== "" ? plain : undefined;
}

function assetText(value: Value): string {
  const asset = unwrap(value);
  if (asset instanceof Asset && asset.fields.text !== undefined) return asset.fields.text;
  if (asset instanceof Asset && asset.fields.path !== undefined)
    return readFileSync(asset.fields.path, "utf8");
  throw new Error("`valueYamlFiles` takes file and text assets only.");
}

export function releaseInputs(inputs: Properties): ReleaseInputs {
  const repository = unwrap(inputs.repositoryOpts);
  const files = unwrap(inputs.valueYamlFiles);
  const values = reveal(inputs.values);
  const flag = (key: string) => unwrap(inputs[key]) === true;
  return {
    name: text(inputs.name) ?? "",
    namespace: text(inputs.namespace) ?? "default",
    chart: text(inputs.chart) ?? "",
    version: text(inputs.version),
    repository: isObject(repository) ? text(repository.repo) : undefined,
    createNamespace: flag("createNamespace"),
    atomic: flag("atomic"),
    skipAwait: flag("skipAwait"),
    skipCrds: flag("skipCrds"),
    dependencyUpdate: flag("dependencyUpdate"),
    timeout: Number(unwrap(inputs.timeout) ?? 0) || DEFAULT_TIMEOUT_SECONDS,
    values: [
      ...(isList(files) ? files.map(assetText) : []),
      ...(values === undefined || values === null ? [] : [JSON.stringify(values)]),
    ],
  };
}

/** The arguments that choose and render a chart. */
export function chartArguments(release: ReleaseInputs, valueFiles: readonly string[]): string[] {
  return [
    release.name,
    release.chart,
    "--namespace",
    release.namespace,
    ...(release.version ? ["--version", release.version] : []),
    ...(release.repository ? ["--repo", release.repository] : []),
    ...(release.skipCrds ? ["--skip-crds"] : []),
    ...(release.dependencyUpdate ? ["--dependency-update"] : []),
    ...valueFiles.flatMap((path) => ["--values", path]),
  ];
}
