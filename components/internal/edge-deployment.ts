import { createHash } from "node:crypto";
import type * as k8s from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import { CONTAINER_UID } from "../../runtime/contract";
import type { ResolvedEdge } from "../edge/edge-settings";
import type { ModelReference } from "../model/model-repository";
import { deploymentSpec } from "./deployment";
import { PART_OF } from "./labels";
import type { ModelAccess } from "./model-access";
import { keyVolumes, type ModelKeys } from "./model-keys";
import { pullContainer } from "./model-pull";
import { podPlacement } from "./pod-placement";
import { restrictedPod } from "./pod-security";

/** Where the server finds the keys of its clients. */
export const API_KEYS_FOLDER = "/etc/slipway/keys";
export const API_KEYS_FILE = "keys";

const PULL_CREDENTIALS = "/etc/slipway/registry";

/** Seconds: the image's download, before the models'. */
const IMAGE_MARGIN = 600;

/** Everything that a site's pods need, resolved. */
export interface EdgePods {
  readonly settings: ResolvedEdge;
  readonly service: string;
  readonly image: pulumi.Input<string>;
  readonly models: readonly ModelReference[];
  readonly access: ModelAccess;
  /** What the models must be signed by; undefined where that is nothing. */
  readonly keys: ModelKeys | undefined;
  readonly serviceAccountName: pulumi.Input<string>;
  readonly configMapName: pulumi.Input<string>;
  readonly tlsSecretName: pulumi.Input<string>;
  readonly keysSecretName: pulumi.Input<string>;
  readonly cacheClaimName: pulumi.Input<string>;
}

/** What `deploymentSpec` makes, of which every part is plain. */
interface PlainSpec {
  readonly template: {
    readonly spec: {
      readonly containers: readonly [PlainContainer];
      readonly initContainers: readonly PlainContainer[];
      readonly volumes: readonly k8s.core.v1.Volume[];
    };
  };
}

interface PlainContainer {
  readonly args: readonly string[];
  readonly volumeMounts: readonly k8s.core.v1.VolumeMount[];
}

/**
 * The server's pod of any service, with what a site needs: models stay on the node's disk, and what is verified there is not
 * asked for again. One replica that is replaced, not joined, by the next: the node need not have room for two, and the next
 * one's models lie on the disk already (`fetchJob`), so that the gap is that of loading them.
 */
export function edgeDeployment(pods: EdgePods): k8s.apps.v1.DeploymentSpec {
  const { settings } = pods;
  const spec = deploymentSpec({
    ...settings,
    // The volume is the claim's, which has a size of its own.
    modelBytes: 0,
    service: pods.service,
    image: pods.image,
    models: pods.models,
    access: pods.access,
    keys: pods.keys,
    replicas: 1,
    gpus: 0,
    gpuResource: "",
    spread: "preferred",
    podLabels: {},
    podAnnotations: {},
    drainTimeout: DRAIN_TIMEOUT,
    serviceAccountName: pods.serviceAccountName,
    configMapName: pods.configMapName,
    tlsSecretName: pods.tlsSecretName,
  });
  const { template } = spec as unknown as PlainSpec;
  const [server] = template.spec.containers;
  const keys = { name: "keys", mountPath: API_KEYS_FOLDER, readOnly: true };
  return {
    ...spec,
    strategy: { type: "Recreate" },
    template: {
      ...(spec.template as object),
      spec: {
        ...template.spec,
        // On one node there is nothing to spread over.
        topologySpreadConstraints: [],
        initContainers: pullContainers(pods, true),
        containers: [
          { ...server, imagePullPolicy: "IfNotPresent", volumeMounts: [...server.volumeMounts, keys] },
        ] as unknown as k8s.core.v1.Container[],
        volumes: [
          ...template.spec.volumes.filter((volume) => volume.name !== "models"),
          ...cacheVolumes(pods),
          { name: "keys", secret: { secretName: pods.keysSecretName, defaultMode: 0o440 } },
        ],
      },
    },
  };
}

/** Seconds: the only replica takes requests while its Service still leads to it. */
export const DRAIN_DELAY = 2;
export const DRAIN_TIMEOUT = 20;

/** Labels of the pod that fetches: no Service and no Deployment may take it for a server. */
export function fetchLabels(service: string): Record<string, string> {
  return {
    "app.kubernetes.io/name": "slipway-fetch",
    "app.kubernetes.io/instance": service,
    ...PART_OF,
  };
}

/** Ending of the Job's name: other models are another Job. */
export function fetchHash(models: readonly ModelReference[], image: string): string {
  const what = JSON.stringify([
    image,
    models.map(({ name, version, source, sha256, signatureKey }) => [
      name,
      version,
      source,
      sha256,
      ...(signatureKey === undefined ? [] : [signatureKey]),
    ]),
  ]);
  return createHash("sha256").update(what).digest("hex").slice(0, 8);
}

/**
 * Fetches models onto the node's disk before the pod that serves the ones before is asked to go: an uplink that is lost
 * meanwhile stops the update, and not the site.
 */
export function fetchJob(pods: EdgePods): k8s.batch.v1.JobSpec {
  const { settings } = pods;
  const pulls = pullContainers(pods, false);
  const { topologySpreadConstraints: _none, ...placement } = podPlacement({
    ...settings,
    service: pods.service,
    spread: "preferred",
  });
  return {
    // Each goes on where the one before has ended.
    backoffLimit: 20,
    activeDeadlineSeconds: settings.fetchTimeout + IMAGE_MARGIN,
    template: {
      metadata: { labels: fetchLabels(pods.service) },
      spec: {
        restartPolicy: "Never",
        serviceAccountName: pods.serviceAccountName,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: restrictedPod(CONTAINER_UID),
        ...(settings.imagePullSecrets.length === 0
          ? {}
          : { imagePullSecrets: settings.imagePullSecrets.map((name) => ({ name })) }),
        ...placement,
        initContainers: pulls.slice(0, -1),
        containers: pulls.slice(-1),
        volumes: [
          { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
          ...cacheVolumes(pods),
          ...keyVolumes(pods.keys),
        ],
      },
    },
  };
}

/** @param prune whether what no model needs any more is removed, for which nobody may serve it */
function pullContainers(
  { models, image, access, settings, keys }: EdgePods,
  prune: boolean,
): k8s.core.v1.Container[] {
  return models.map((model, i) => {
    const container = pullContainer(model, image, access, keys);
    const [command, ...rest] = container.args as string[];
    const last = prune && i === models.length - 1;
    const flags = [
      "--keep-verified",
      ...(settings.modelPullSecret ? ["--registry-auth-file", `${PULL_CREDENTIALS}/.dockerconfigjson`] : []),
      ...(last ? ["--keep-only", models.map(({ name, version }) => `${name}/${version}`).join(",")] : []),
    ];
    const credentials = { name: "registry", mountPath: PULL_CREDENTIALS, readOnly: true };
    return {
      ...container,
      args: [command!, ...flags, ...rest],
      imagePullPolicy: "IfNotPresent",
      volumeMounts: [
        ...(container.volumeMounts as k8s.core.v1.VolumeMount[]),
        ...(settings.modelPullSecret ? [credentials] : []),
      ],
    };
  });
}

function cacheVolumes({ cacheClaimName, settings }: EdgePods): k8s.core.v1.Volume[] {
  const { modelPullSecret } = settings;
  return [
    { name: "models", persistentVolumeClaim: { claimName: cacheClaimName } },
    ...(modelPullSecret === undefined
      ? []
      : [{ name: "registry", secret: { secretName: modelPullSecret, defaultMode: 0o440 } }]),
  ];
}
