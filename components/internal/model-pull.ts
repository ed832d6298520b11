import { createHash } from "node:crypto";
import type * as k8s from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import { MODEL_REPOSITORY_PATH } from "../../runtime/contract";
import type { ModelReference } from "../model/repository-models";
import type { ModelAccess } from "./model-access";
import { keyMounts, type ModelKeys } from "./model-keys";
import { tokenMount, tokenVolume } from "./pod-identity";
import { RESTRICTED_CONTAINER } from "./pod-security";

/** Fetching streams to disk, so it needs little; the limit leaves room for TLS and for hashing. */
const PULL_RESOURCES = {
  requests: { cpu: "50m", memory: "64Mi" },
  limits: { cpu: "1", memory: "256Mi" },
};

/** The container that fetches one model version and verifies it; the pod does not start where that fails. */
export function pullContainer(
  model: ModelReference,
  image: pulumi.Input<string>,
  access: Pick<ModelAccess, "env" | "claim" | "token" | "sourceOf">,
  keys?: ModelKeys,
): k8s.core.v1.Container {
  return {
    name: pullContainerName(model),
    image,
    args: [
      "pull",
      "--to",
      MODEL_REPOSITORY_PATH,
      "--name",
      model.name,
      "--version",
      model.version,
      "--sha256",
      model.sha256,
      ...(keys ? ["--public-key", keys.fileOf(model)] : []),
      access.sourceOf(model),
    ],
    env: access.env.map((variable) => ({ ...variable })),
    resources: PULL_RESOURCES,
    securityContext: RESTRICTED_CONTAINER,
    volumeMounts: [
      { name: "models", mountPath: MODEL_REPOSITORY_PATH },
      { name: "tmp", mountPath: "/tmp" },
      ...(access.claim ? [{ name: "repository", mountPath: access.claim.mountPath, readOnly: true }] : []),
      ...(access.token ? [tokenMount(access.token)] : []),
      ...keyMounts(keys),
    ],
  };
}

/** Volumes of a pod that its pull containers mount, beside those of every server. */
export function pullVolumes({ claim, token }: Pick<ModelAccess, "claim" | "token">): k8s.core.v1.Volume[] {
  const volumes: k8s.core.v1.Volume[] = [];
  if (claim) {
    volumes.push({
      name: "repository",
      persistentVolumeClaim: { claimName: claim.claimName, readOnly: true },
    });
  }
  if (token) volumes.push(tokenVolume(token));
  return volumes;
}

/** A container's name is a DNS label; a model's name need not be one, so a hash keeps shortened names apart. */
export function pullContainerName(model: Pick<ModelReference, "name" | "version">): string {
  const exact = `pull-${model.name}-${model.version}`;
  if (/^[a-z0-9-]+$/.test(exact) && exact.length <= 63) return exact;
  const hash = createHash("sha256").update(exact).digest("hex").slice(0, 8);
  const readable = exact
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, "-")
    .slice(0, 54);
  return `${readable}-${hash}`;
}
