/** Group, version and kind; the core group is the empty string. */
export interface Gvk {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export function gvkOf(apiVersion: string, kind: string): Gvk {
  const slash = apiVersion.indexOf("/");
  const group = slash < 0 ? "" : apiVersion.slice(0, slash);
  // "core/v1" is how type tokens spell what the API calls "v1".
  return { group: group === "core" ? "" : group, version: apiVersion.slice(slash + 1), kind };
}

export function apiVersionOf({ group, version }: Gvk): string {
  return group === "" ? version : `${group}/${version}`;
}

export const HELM_RELEASE = "kubernetes:helm.sh/v3:Release";

/** What a type token such as `kubernetes:apps/v1:DeploymentPatch` stands for. */
export interface TypeToken {
  readonly gvk: Gvk;
  /** A `…Patch` resource owns single fields of an object that something else created. */
  readonly patch: boolean;
}

/**
 * @param inputKind the kind in the inputs: what tells `DeploymentPatch` from a kind whose own name ends in "Patch"
 * @throws TypeError where the token is none of this provider's
 */
export function parseType(type: string, inputKind?: string): TypeToken {
  const [provider, apiVersion = "", name = ""] = type.split(":");
  if (provider !== "kubernetes" || !/^[^/]+\/[^/]+$/.test(apiVersion) || name === "") {
    throw new TypeError(`"${type}" is not a resource type of the kubernetes provider.`);
  }
  const patch = name.endsWith("Patch") && inputKind !== name && name !== "Patch";
  return { gvk: gvkOf(apiVersion, patch ? name.slice(0, -"Patch".length) : name), patch };
}

/** The groups that an API server brings along; an unknown kind in one of them is a mistake, not a missing CRD. */
const BUILT_IN_GROUPS = new Set(["", "apps", "autoscaling", "batch", "extensions", "policy"]);

export function isBuiltIn(group: string): boolean {
  // gateway.networking.k8s.io and metrics.k8s.io end alike, but are installed by CRDs or an aggregated server.
  const k8s =
    /^(admissionregistration|apiextensions|apiregistration|authentication|authorization|certificates|coordination|discovery|events|flowcontrol\.apiserver|internal\.apiserver|networking|node|rbac\.authorization|resource|scheduling|storage|storagemigration)\.k8s\.io$/;
  return BUILT_IN_GROUPS.has(group) || k8s.test(group);
}

const CLUSTER_SCOPED = new Set([
  "/Namespace",
  "/Node",
  "/PersistentVolume",
  "/ComponentStatus",
  "apiextensions.k8s.io/CustomResourceDefinition",
  "apiregistration.k8s.io/APIService",
  "certificates.k8s.io/CertificateSigningRequest",
  "flowcontrol.apiserver.k8s.io/FlowSchema",
  "flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration",
  "gateway.networking.k8s.io/GatewayClass",
  "networking.k8s.io/IngressClass",
  "node.k8s.io/RuntimeClass",
  "rbac.authorization.k8s.io/ClusterRole",
  "rbac.authorization.k8s.io/ClusterRoleBinding",
  "scheduling.k8s.io/PriorityClass",
  "storage.k8s.io/CSIDriver",
  "storage.k8s.io/CSINode",
  "storage.k8s.io/StorageClass",
  "storage.k8s.io/VolumeAttachment",
]);

/** Whether objects of a kind live in a namespace, as far as can be told without a cluster. */
export function isNamespacedByName({ group, kind }: Gvk): boolean {
  const admission = group === "admissionregistration.k8s.io";
  return !admission && !CLUSTER_SCOPED.has(`${group}/${kind}`);
}
