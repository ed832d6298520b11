import { buildImage, pushImage, type BuiltImage } from "../image";
import { SYSTEM_IMAGES, systemImage, type SystemImage } from "../image/system-images";
import { assertRunning } from "./managed-process";
import type { Layout } from "./layout";
import type { ToolPaths } from "./processes/component";
import type { Task } from "../progress";
import { get } from "node:http";
import { REGISTRY } from "./settings";
import { waitFor } from "./wait";

const REGISTRY_TIMEOUT_MS = 20_000;

/** The images of the cluster's own services. */
export interface SystemImages {
  readonly built: readonly BuiltImage[];
  /** References with digest, as pods name them. */
  readonly references: Readonly<Record<SystemImage, string>>;
}

/** Builds the system images that the cache does not hold. */
export async function describeImages(tools: ToolPaths, cacheDir: string, task: Task): Promise<SystemImages> {
  const built: BuiltImage[] = [];
  for (const name of SYSTEM_IMAGES) {
    task.update(name);
    built.push(await buildImage(systemImage(name, tools), cacheDir));
  }
  const entries = SYSTEM_IMAGES.map((name, index) => {
    const image = built[index]!;
    return [name, `${REGISTRY}/${image.name}@${image.digest}`] as const;
  });
  return { built, references: Object.fromEntries(entries) as Record<SystemImage, string> };
}

/** Waits for the registry and gives it the images that it lacks. */
export async function publishImages(layout: Layout, images: SystemImages, task: Task): Promise<void> {
  const ready = await waitFor(async () => {
    if (await registryAnswers()) return true;
    assertRunning(layout, "registry");
    return false;
  }, REGISTRY_TIMEOUT_MS);
  if (!ready) assertRunning(layout, "registry");
  for (const image of images.built) {
    task.update(image.name);
    await pushImage(image, REGISTRY);
  }
}

function registryAnswers(): Promise<boolean> {
  return new Promise((resolve) => {
    const outgoing = get(`http://${REGISTRY}/v2/`, { timeout: 2_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    outgoing.on("timeout", () => outgoing.destroy());
    outgoing.on("error", () => resolve(false));
  });
}
