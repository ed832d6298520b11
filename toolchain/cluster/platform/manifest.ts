import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { KubernetesObject } from "../kubernetes-api";
import { writeIfChanged } from "../write-file";

const MANIFESTS = join(__dirname, "..", "manifests");

/** Reads a manifest of the project, with every `${NAME}` replaced by its value. */
export function loadManifest(
  name: string,
  values: Readonly<Record<string, string>> = {},
): KubernetesObject[] {
  return parseManifest(fillIn(readFileSync(join(MANIFESTS, `${name}.yaml`), "utf8"), values, name));
}

export function fillIn(text: string, values: Readonly<Record<string, string>>, source: string): string {
  return text.replace(/\$\{([A-Z_]+)\}/g, (_, key: string) => {
    const value = values[key];
    if (value === undefined) throw new Error(`${source} names \${${key}}, which has no value`);
    return value;
  });
}

/** The objects of a YAML text of one or several documents. */
export function parseManifest(text: string): KubernetesObject[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object): object is KubernetesObject => object !== null && typeof object === "object");
}

/** Objects that take seconds to read or render are kept as JSON, under a name made of what they come from. */
export async function cachedObjects(
  cacheDir: string,
  name: string,
  inputs: readonly (string | Buffer)[],
  produce: () => Promise<KubernetesObject[]>,
): Promise<KubernetesObject[]> {
  const hash = createHash("sha256");
  for (const input of inputs) hash.update(`${input.length}\0`).update(input);
  const dir = join(cacheDir, "manifests");
  const path = join(dir, `${name}-${hash.digest("hex").slice(0, 24)}.json`);
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")) as KubernetesObject[];
  const objects = await produce();
  mkdirSync(dir, { recursive: true });
  writeIfChanged(path, JSON.stringify(objects));
  return objects;
}
