import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Baseline } from "../baseline";
import { parseBaseline } from "../read-baseline";
import { BASELINE_FILE } from "./drift-config";

/** Bytes of a baseline's file: thousands of features fit. */
const MOST_BYTES = 33_554_432;

/** Bins and values of all features together, e.g. 2,500 features of 20 bins: what a server keeps in passing must have an end. */
const MOST_CELLS = 50_000;

export interface LoadedBaseline {
  readonly baseline: Baseline;
  /** Of the file, in hex. */
  readonly sha256: string;
}

/**
 * The baseline beside a version's model, checked against the digest that `model.json` may pin.
 * @param dir the version's folder
 * @param pins `sha256` of `model.json`
 * @throws Error with one sentence
 */
export async function loadBaseline(
  dir: string,
  version: string,
  pins: Readonly<Record<string, string>>,
): Promise<LoadedBaseline> {
  const bytes = await readFile(join(dir, BASELINE_FILE)).catch((error: NodeJS.ErrnoException) => {
    throw new Error(`\`${BASELINE_FILE}\` cannot be read (${error.code}).`, { cause: error });
  });
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const pinned = pins[`${version}/${BASELINE_FILE}`];
  if (pinned !== undefined && sha256 !== pinned) {
    throw new Error(
      `\`${BASELINE_FILE}\` has the SHA-256 ${sha256}, but \`model.json\` pins ${pinned}; fetch the model again or correct the digest.`,
    );
  }
  if (bytes.length > MOST_BYTES) {
    throw new Error(`\`${BASELINE_FILE}\` has ${bytes.length} bytes, but at most ${MOST_BYTES} are taken.`);
  }
  const baseline = parseBaseline(bytes.toString("utf8"));
  const cells = cellsOf(baseline);
  if (cells > MOST_CELLS) {
    throw new Error(
      `\`${BASELINE_FILE}\` has ${cells} bins and values, but at most ${MOST_CELLS} are taken; make it with fewer bins or features.`,
    );
  }
  return { baseline, sha256 };
}

function cellsOf({ features }: Baseline): number {
  return Object.values(features).reduce(
    (sum, feature) =>
      sum + (feature.kind === "numeric" ? feature.counts.length : Object.keys(feature.values).length),
    0,
  );
}
