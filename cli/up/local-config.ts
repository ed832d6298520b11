import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { SlipwayError } from "../../toolchain/errors";
import type { PackedModel } from "../../toolchain/models";
import { profileConfigFile } from "../profiles";

interface ModelEntry {
  name: string;
  version: string;
  source?: string;
  sha256?: string;
}
interface ServiceEntry {
  name: string;
  models?: ModelEntry[];
}

/**
 * The committed services of the local profile, each model completed with the artifact that this run published.
 * A model that the file gives a source of its own is left as it is.
 */
export function completeServices(
  profile: string,
  packed: PackedModel[],
  sources: Record<string, string>,
): ServiceEntry[] {
  const file = profileConfigFile(profile);
  const { config } = parse(readFileSync(file, "utf8")) as { config?: Record<string, unknown> };
  const services = config?.["slipway:services"] as ServiceEntry[] | undefined;
  if (!Array.isArray(services)) throw new SlipwayError(`${file} must list \`slipway:services\``);
  return services.map((service) => ({
    ...service,
    models: (service.models ?? []).map((model) => completeModel(file, model, packed, sources)),
  }));
}

function completeModel(
  file: string,
  model: ModelEntry,
  packed: PackedModel[],
  sources: Record<string, string>,
): ModelEntry {
  if (model.source) return model;
  const key = `${model.name}/${model.version}`;
  const known = packed.find((p) => p.name === model.name && String(p.version) === String(model.version));
  const source = sources[key];
  if (known && source) return { ...model, version: String(model.version), source, sha256: known.sha256 };
  throw new SlipwayError(
    `${file}: model ${key} has no \`source\` and is none of those that come with the project (${Object.keys(sources).join(", ")})`,
  );
}

/**
 * The configuration that `up` would use, without a cluster to publish to: digests are those of the artifacts as they
 * would be pushed, so that a preview and the `up` after it agree.
 */
export async function plannedConfig(
  artifacts: Artifacts,
  cluster?: Cluster,
): Promise<Record<string, unknown>> {
  const registry = cluster?.registry ?? NODE_REGISTRY;
  const modelSources = Object.fromEntries(
    artifacts.models.map((model) => [`${model.name}/${model.version}`, modelReference(registry, model)]),
  );
  return localConfig({
    runtimeImage: imageReference(artifacts.image, registry, RUNTIME_REPOSITORY),
    modelSources,
    models: artifacts.models,
    registry,
    cluster,
  });
}
