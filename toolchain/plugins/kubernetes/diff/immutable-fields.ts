import type { Gvk } from "../kinds";

/** Path patterns; `[*]` stands for every element of a list. A pattern covers everything below it. */
type Fields = readonly string[];

const EVERY_KIND: Fields = ["metadata.name", "metadata.namespace"];

const POD_CONTAINER = [
  "args",
  "command",
  "env",
  "image",
  "imagePullPolicy",
  "lifecycle",
  "livenessProbe",
  "ports",
  "readinessProbe",
  "resources",
  "securityContext",
  "stdin",
  "stdinOnce",
  "terminationMessagePath",
  "terminationMessagePolicy",
  "tty",
  "volumeDevices",
  "volumeMounts",
  "workingDir",
];

const POD: Fields = [
  ..."affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks hostAliases hostIPC hostNetwork"
    .split(" ")
    .map((field) => `spec.${field}`),
  ..."hostPID hostname imagePullSecrets nodeName nodeSelector overhead preemptionPolicy priority priorityClassName"
    .split(" ")
    .map((field) => `spec.${field}`),
  ..."readinessGates restartPolicy runtimeClassName schedulerName securityContext serviceAccount serviceAccountName"
    .split(" ")
    .map((field) => `spec.${field}`),
  ..."shareProcessNamespace subdomain terminationGracePeriodSeconds volumes"
    .split(" ")
    .map((field) => `spec.${field}`),
  ...["containers", "initContainers"].flatMap((list) =>
    POD_CONTAINER.map((field) => `spec.${list}[*].${field}`),
  ),
];

const PERSISTENT_VOLUME: Fields =
  "awsElasticBlockStore azureDisk azureFile cephfs cinder csi fc flexVolume flocker gcePersistentDisk glusterfs hostPath iscsi local nfs photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos vsphereVolume"
    .split(" ")
    .map((source) => `spec.${source}`);

const ROLE_BINDING: Fields = ["roleRef"];

/**
 * The fields that force a replacement, by `group/Kind`; the official provider's table, so that one program is
 * replaced alike under both.
 */
const BY_KIND: { readonly [kind: string]: Fields } = {
  "/PersistentVolume": PERSISTENT_VOLUME,
  "/PersistentVolumeClaim": ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"],
  "/Pod": POD,
  "/ResourceQuota": ["spec.scopes"],
  "/Service": ["spec.clusterIP"],
  "apps/DaemonSet": ["spec.selector"],
  "apps/Deployment": ["spec.selector"],
  "apps/StatefulSet": [
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
  ],
  "batch/Job": ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
  "rbac.authorization.k8s.io/ClusterRoleBinding": ROLE_BINDING,
  "rbac.authorization.k8s.io/RoleBinding": ROLE_BINDING,
  "storage.k8s.io/StorageClass": ["parameters", "provisioner"],
};

export interface Mutability {
  /** ConfigMaps are changed in place instead of replaced. @default false, as upstream */
  readonly configMaps: boolean;
  /** Secrets are changed in place instead of replaced. @default false, as upstream */
  readonly secrets: boolean;
}

/**
 * What forces a replacement of an object of this kind. ConfigMaps and Secrets are replaced by default: with a
 * generated name, whatever mounts them then rolls.
 * @param immutable the object's own `immutable` field
 */
export function immutableFields({ group, kind }: Gvk, immutable: boolean, mutability: Mutability): Fields {
  if (group === "" && kind === "Secret") {
    const contents = !mutability.secrets || immutable ? ["data", "stringData"] : [];
    return [...EVERY_KIND, "type", ...contents];
  }
  if (group === "" && kind === "ConfigMap") {
    return !mutability.configMaps || immutable ? [...EVERY_KIND, "data", "binaryData"] : EVERY_KIND;
  }
  return [...EVERY_KIND, ...(BY_KIND[`${group}/${kind}`] ?? [])];
}

/** For `…Patch` resources, which own no object and can let go of any field. */
export const PATCH_IMMUTABLE_FIELDS = EVERY_KIND;
