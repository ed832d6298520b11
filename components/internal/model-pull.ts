import { createHash } from "node:crypto";
import { ENV, MODEL_REPOSITORY_PATH } from "../../runtime/contract";
import type { ModelReference } from "../model/model-repository";
import { RESTRICTED_CONTAINER } from "./pod-security";

/** Fetching streams to disk, so it needs little; the limit leaves room for TLS and for hashing. */
const PULL_RESOURCES = {
  requests: { cpu: "50m", memory: "64Mi" },
  limits: { cpu: "1", memory: "256Mi" },
};

/** The container that fetches one model version and verifies it; the pod does not start where that fails. */
export function pullContainer<Image>(
  model: ModelReference,
  image: Image,
  insecureRegistries: readonly string[],
): {
  name: string;
  image: Image;
  args: string[];
  env: { name: string; value: string }[];
  resources: typeof PULL_RESOURCES;
  securityContext: typeof RESTRICTED_CONTAINER;
  volumeMounts: { name: string; mountPath: string }[];
} {
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
      model.source,
    ],
    env:
      insecureRegistries.length === 0
        ? []
        : [{ name: ENV.insecureRegistries, value: insecureRegistries.join(",") }],
    resources: PULL_RESOURCES,
    securityContext: RESTRICTED_CONTAINER,
    volumeMounts: [
      { name: "models", mountPath: MODEL_REPOSITORY_PATH },
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
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
