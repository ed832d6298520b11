import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { hasSecret } from "../shared/values";
import type { Properties } from "../shared/values";
import type { ResourceLog } from "../shared/provider";
import type { KubeObject } from "./object";
import { nameOf, namespaceOf } from "./object";

/** A name is one part of a path, whatever it holds: `../` in it must lead nowhere. */
const asFileName = (text: string): string => text.replace(/[/\\:]/g, "_");

/** Definitions first: the folders' names are the order in which kubectl should apply them. */
function pathOf(object: KubeObject, directory: string): string {
  const folder = object.kind === "CustomResourceDefinition" ? "0-crd" : "1-manifest";
  const kind = (object.kind ?? "").toLowerCase();
  const name = [object.apiVersion ?? "", kind, namespaceOf(object) ?? "default", nameOf(object)].join("-");
  return join(directory, folder, `${asFileName(name)}.yaml`);
}

/** Writes an object as YAML under `directory`, for tools that apply manifests themselves; readable by the owner. */
export function renderYaml(
  object: KubeObject,
  directory: string,
  { log, inputs }: { log: ResourceLog; inputs: Properties },
): void {
  const path = pathOf(object, directory);
  mkdirSync(join(path, ".."), { recursive: true, mode: 0o700 });
  if (hasSecret(inputs) || object.kind === "Secret") log.warn(`"${path}" holds a secret in plain text.`);
  writeFileSync(path, stringify(object), { mode: 0o600 });
  log.status(`rendered ${path}`);
}

export function removeRendered(object: KubeObject, directory: string): void {
  rmSync(pathOf(object, directory), { force: true });
}
