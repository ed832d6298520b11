import { SlipwayError } from "../../toolchain/errors";
import type { PackedModel } from "../../toolchain/models";
import { LOCAL_PROFILE, readProfileConfig } from "../profiles";
import type { Published } from "./artifacts";
import type { Target } from "./target";

interface ModelEntry {
  name: string;
  version: string;
  source?: string;
  sha256?: string;
}
interface SlotEntry {
  models?: ModelEntry[];
}
export interface ServiceEntry extends SlotEntry {
  name: string;
  /** Its slots have the models in the service's place. */
  rollout?: { slots?: Record<string, SlotEntry | null> | null };
}

/** The service with other models, those of its slots included. */
export function withModels(service: ServiceEntry, change: (model: ModelEntry) => ModelEntry): ServiceEntry {
  const { models, rollout } = service;
  if (!rollout) return { ...service, models: (models ?? []).map(change) };
  const slots = Object.entries(rollout.slots ?? {}).map(([slot, content]) => [
    slot,
    content && { ...content, models: (content.models ?? []).map(change) },
  ]);
  return { ...service, rollout: { ...rollout, slots: Object.fromEntries(slots) } };
}

/** The services that a profile's file commits; throws one sentence where there are none. */
export function profileServices(profile: string): ServiceEntry[] {
  const services = readProfileConfig(profile).config?.["slipway:services"];
  if (Array.isArray(services)) return services as ServiceEntry[];
  throw new SlipwayError(`Pulumi.${profile}.yaml must list the services to run under \`slipway:services\``);
}

/**
 * The committed services of the local profile, each model completed with the artifact that this run published.
 * A model that the file gives a source of its own is left as it is.
 */
function completeServices(
  profile: string,
  packed: PackedModel[],
  sources: Record<string, string>,
): ServiceEntry[] {
  const services = profileServices(profile);
  return services.map((service) =>
    withModels(service, (model) => completeModel(profile, model, packed, sources)),
  );
}

function completeModel(
  profile: string,
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
    `Pulumi.${profile}.yaml: model ${key} has no \`source\` and is none of those that come with the project (${Object.keys(sources).join(", ")})`,
  );
}

/** The configuration that this machine computes for the local profile, over what the file commits. */
export function localConfig(
  models: PackedModel[],
  published: Published,
  target: Pick<Target, "config"> | undefined,
): Record<string, unknown> {
  return {
    ...target?.config,
    runtimeImage: published.runtimeImage,
    services: completeServices(LOCAL_PROFILE, models, published.modelSources),
  };
}

/** What a preview of another profile needs and its file leaves open: the image, and where models come from. */
export function missingConfig(
  profile: string,
  models: PackedModel[],
  planned: Published,
): Record<string, unknown> {
  const given = readProfileConfig(profile).config ?? {};
  const services = completeServices(profile, models, planned.modelSources);
  // A bucket has a place for each model, which need not be named.
  const inBucket = given["slipway:modelBucket"] !== undefined;
  const own = new Set(Object.values(planned.modelSources));
  return {
    ...(given["slipway:runtimeImage"] === undefined ? { runtimeImage: planned.runtimeImage } : {}),
    services: inBucket ? services.map((service) => withoutSources(service, own)) : services,
  };
}

function withoutSources(service: ServiceEntry, sources: ReadonlySet<string>): ServiceEntry {
  return withModels(service, ({ source, ...model }) =>
    source === undefined || sources.has(source) ? model : { source, ...model },
  );
}
