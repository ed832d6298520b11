import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { copyFile, link, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { SlipwayError } from "../errors";
import { withTask, type Progress } from "../progress";
import { MODEL_CONFIG, sideFiles, type SideFile } from "./baselines";
import { CATALOGUE, type CatalogueModel } from "./catalogue";
import { packageFile } from "./package-file";

/** A model whose file is there and is what the catalogue says. */
export interface PackedModel {
  readonly name: string;
  readonly version: string;
  /** Path of the ONNX file. */
  readonly path: string;
  /** Digest of the ONNX file in hex. */
  readonly sha256: string;
  /** Size of the ONNX file in bytes. */
  readonly size: number;
  /** What travels beside it. @default nothing */
  readonly beside?: readonly SideFile[];
}

/** Finds the models that come with the project and verifies each; throws one sentence where a file differs. */
export function packModels(progress: Progress, catalogue = CATALOGUE): Promise<PackedModel[]> {
  return withTask(progress, "Verifying the models", () => Promise.all(catalogue.map(packModel)));
}

async function packModel(model: CatalogueModel): Promise<PackedModel> {
  const path = packageFile(model.npmPackage, model.file);
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  const sha256 = hash.digest("hex");
  if (sha256 !== model.sha256) {
    throw new SlipwayError(
      `model ${model.name}: ${path} has SHA-256 ${sha256} and must have ${model.sha256}; run \`npm ci\` to install it again`,
    );
  }
  return {
    name: model.name,
    version: model.version,
    path,
    sha256,
    size: statSync(path).size,
    beside: sideFiles(model),
  };
}

/** Lays models out as a repository for `slipway serve`: DIR/<model>/<version>/model.onnx, and what travels beside it. */
export async function layOutRepository(models: readonly PackedModel[], dir: string): Promise<void> {
  for (const { name, version, path, beside = [] } of models) {
    const target = join(dir, name, version, "model.onnx");
    await mkdir(dirname(target), { recursive: true });
    // Another file system cannot share the file.
    await link(path, target).catch(() => copyFile(path, target));
    for (const { title, content } of beside) {
      if (title !== MODEL_CONFIG) await writeFile(join(dir, name, title), content);
    }
  }
  for (const name of new Set(models.map((model) => model.name))) {
    const config = mergedConfig(models.filter((model) => model.name === name));
    if (config) await writeFile(join(dir, name, MODEL_CONFIG), `${JSON.stringify(config, null, 2)}\n`);
  }
}

/** Of all versions of a model, as `slipway pull` merges them. */
function mergedConfig(versions: readonly PackedModel[]): object | undefined {
  const configs = versions
    .flatMap(({ beside = [] }) => beside.filter(({ title }) => title === MODEL_CONFIG))
    .map(({ content }) => JSON.parse(content.toString("utf8")) as { sha256: object });
  if (configs.length === 0) return undefined;
  const sha256 = Object.assign({}, ...configs.map((config) => config.sha256)) as object;
  return { ...(Object.assign({}, ...configs) as object), sha256 };
}
