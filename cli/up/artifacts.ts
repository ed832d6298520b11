import { buildImage, pushImage } from "../../toolchain/image";
import { runtimeImageSpec } from "../../toolchain/image/runtime-image";
import { packModels, pushModel, type PackedModel } from "../../toolchain/models";
import { withTask, type Progress } from "../../toolchain/progress";

/** What the stack is given to run: an image and models, all by digest. */
export interface Artifacts {
  image: Awaited<ReturnType<typeof buildImage>>;
  models: PackedModel[];
}

/** Builds the inference server's image and packs the models; neither needs engine or cluster. */
export async function buildArtifacts(progress: Progress): Promise<Artifacts> {
  const [image, models] = await Promise.all([
    withTask(progress, "Building the inference server's image", async () =>
      buildImage(await runtimeImageSpec()),
    ),
    packModels(progress),
  ]);
  return { image, models };
}

export interface Published {
  /** Reference with digest. */
  runtimeImage: string;
  /** "name/version" → oci:// reference with digest. */
  modelSources: Record<string, string>;
}

/** Pushes to the registry inside the node; what is there already is not sent again. */
export async function publishArtifacts(
  artifacts: Artifacts,
  registry: string,
  progress: Progress,
): Promise<Published> {
  return withTask(progress, "Pushing image and models to the node's registry", async () => {
    const runtimeImage = await pushImage(artifacts.image, registry, "slipway/runtime");
    const modelSources: Record<string, string> = {};
    for (const model of artifacts.models) {
      modelSources[`${model.name}/${model.version}`] = await pushModel(registry, model);
    }
    return { runtimeImage, modelSources };
  });
}
