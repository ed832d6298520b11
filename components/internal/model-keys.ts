import { createHash } from "node:crypto";
import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import type * as k8s from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import { ENV, MODEL_KEYS_PATH } from "../../runtime/contract";
import { signatureKeyOf, type KnownModels, type ModelReference } from "../model/repository-models";
import { nameAfter } from "./name-after";
import type { Problems } from "./validation";

/** A server that takes only signed models takes no other: one without a key beside those with one could never be loaded. */
export function checkAllSigned(
  models: readonly ModelReference[],
  repository: KnownModels,
  problems: Problems,
): void {
  const isSigned = (model: ModelReference) => signatureKeyOf(model, repository) !== undefined;
  const signed = models.find(isSigned);
  if (signed === undefined) return;
  models.forEach((model, i) =>
    problems.check(
      isSigned(model),
      `models[${i}]`,
      `${model.name}/${model.version} has no \`signatureKey\`, but ${signed.name}/${signed.version} has one: a server takes either ` +
        "signed models alone or any; sign this one too, or serve it by itself",
    ),
  );
}

/** The keys of models, each once, where they are mounted. */
export interface ModelKeys {
  readonly configMapName: pulumi.Input<string>;
  /** Path of the key that a model must be signed by. */
  fileOf(model: ModelReference): string;
  /** What the server is told. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Name of the volume. */
const VOLUME = "model-keys";

/**
 * The public keys by which the models of a service must be signed, in a ConfigMap that is named by its content: pods that run keep
 * the keys that they were started with.
 * @returns undefined where models are not signed
 */
export function createModelKeys(
  name: string,
  metadata: { readonly [field: string]: unknown },
  models: readonly ModelReference[],
  repository: KnownModels,
  opts: pulumi.CustomResourceOptions,
): ModelKeys | undefined {
  const keys = models.flatMap((model) => signatureKeyOf(model, repository) ?? []);
  if (keys.length === 0) return undefined;
  const files = [...new Set(keys.map(fileName))].sort();
  const data = Object.fromEntries(
    files.map((file) => [file, withNewline(keys.find((key) => fileName(key) === file)!)]),
  );
  const mapName = `${name}-model-keys-${hashOf(JSON.stringify(data), 8)}`;
  const map = new ConfigMap(`${name}-model-keys`, { metadata: { ...metadata, name: mapName }, data }, opts);
  return {
    configMapName: nameAfter(map, mapName),
    fileOf: (model) => `${MODEL_KEYS_PATH}/${fileName(signatureKeyOf(model, repository)!)}`,
    environment: { [ENV.modelPublicKeys]: files.map((file) => `${MODEL_KEYS_PATH}/${file}`).join(",") },
  };
}

/** The keys as a volume of a pod. */
export function keyVolumes(keys: ModelKeys | undefined): k8s.core.v1.Volume[] {
  return keys ? [{ name: VOLUME, configMap: { name: keys.configMapName } }] : [];
}

/** Where a container finds them. */
export function keyMounts(keys: ModelKeys | undefined): k8s.core.v1.VolumeMount[] {
  return keys ? [{ name: VOLUME, mountPath: MODEL_KEYS_PATH, readOnly: true }] : [];
}

const withNewline = (key: string): string => `${key.trim()}\n`;

const fileName = (key: string): string => `${hashOf(withNewline(key), 16)}.pem`;

function hashOf(text: string, length: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}
