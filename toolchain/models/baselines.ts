import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CatalogueModel } from "./catalogue";

export const MODEL_CONFIG = "model.json";

/** A file that travels with a model beside `model.onnx`. */
export interface SideFile {
  /** Path in the model's folder. */
  readonly title: string;
  readonly content: Buffer;
}

/** The reference profile of a model of the catalogue; `examples/baselines/make.ts` writes it. */
export const baselineFile = ({ name, version }: Pick<CatalogueModel, "name" | "version">): string =>
  join(__dirname, "baselines", `${name}-${version}.json`);

/**
 * What lies beside a model of the catalogue: its baseline, and a `model.json` with its options and the digests of both files, so
 * that a server refuses any other.
 */
export function sideFiles(model: CatalogueModel): SideFile[] {
  const { version, sha256, options } = model;
  const file = baselineFile(model);
  if (!existsSync(file)) return [];
  const baseline = readFileSync(file);
  const title = `${version}/baseline.json`;
  const digests = { [version]: sha256, [title]: createHash("sha256").update(baseline).digest("hex") };
  const configuration = Buffer.from(`${JSON.stringify({ ...options, sha256: digests }, null, 2)}\n`);
  return [
    { title, content: baseline },
    { title: MODEL_CONFIG, content: configuration },
  ];
}
