import { buildImage, pushImage, type BuiltImage } from "../../toolchain/image";
import { runtimeImageSpec } from "../../toolchain/image/runtime-image";
import { modelReference, packModels, pushModel, type PackedModel } from "../../toolchain/models";
import { cacheDir } from "../../toolchain/paths";
import { withTask, type Progress } from "../../toolchain/progress";
import type { Target } from "./target";

/** What the stack is given to run: an image and models, all by digest. */
export interface Artifacts {
  image: BuiltImage;
  models: PackedModel[];
}

/** Builds the inference server's image and packs the models; neither needs engine or cluster. */
export async function buildArtifacts(progress: Progress): Promise<Artifacts> {
  const [image, models] = await Promise.all([buildRuntimeImage(progress), packModels(progress)]);
  return { image, models };
}

export function buildRuntimeImage(progress: Progress): Promise<BuiltImage> {
  return withTask(progress, "Building the inference server's image", async () =>
    buildImage(await runtimeImageSpec(), cacheDir()),
  );
}

const RUNTIME_REPOSITORY = "slipway/runtime";

export interface Published {
  /** Reference with digest. */
  runtimeImage: string;
  /** "name/version" → oci:// reference with digest. */
  modelSources: Record<string, string>;
}

/** Pushes to the registry that the cluster reads from; what is there already is not sent again. */
export async function publishArtifacts(
  artifacts: Artifacts,
  { registry, runtimeImage: given }: Pick<Target, "registry" | "runtimeImage">,
  progress: Progress,
): Promise<Published> {
  return withTask(progress, `Pushing image and models to ${registry}`, async () => {
    const runtimeImage = given ?? (await pushImage(artifacts.image, registry, RUNTIME_REPOSITORY));
    const modelSources: Record<string, string> = {};
    for (const model of artifacts.models) {
      modelSources[`${model.name}/${model.version}`] = await pushModel(registry, model);
    }
    return { runtimeImage, modelSources };
  });
}

/** What publishing to `registry` would give, without doing it: both artifacts are named by their content. */
export function plannedArtifacts(artifacts: Artifacts, registry: string): Published {
  return {
    runtimeImage: `${registry}/${RUNTIME_REPOSITORY}@${artifacts.image.digest}`,
    modelSources: Object.fromEntries(
      artifacts.models.map((model) => [`${model.name}/${model.version}`, modelReference(registry, model)]),
    ),
  };
}
