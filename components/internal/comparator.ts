import { createHash } from "node:crypto";
import type * as k8s from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import { comparatorName } from "../../rollout/comparison/service";
import type { Slot } from "../../rollout/declaration";
import {
  CONTAINER_UID,
  ENV,
  HTTP_PORT,
  LIVE_PATH,
  METRICS_PORT,
  READY_PATH,
  TLS_PATH,
} from "../../runtime/contract";
import { PART_OF } from "./labels";
import { RESTRICTED_CONTAINER, restrictedPod } from "./pod-security";
import { rolloutLabels, type SlotOf } from "./slot-labels";

/** Key of the Secret with the API key, which the slots send, and of its hash, which is all that the comparator knows. */
export const KEY_FILE = "api-key";
export const KEY_HASH_FILE = "api-keys";
export const AUTHORITY_FILE = "ca.crt";
export const RULES_FILE = "rules.json";

/** In the pods of the slots. */
const SHADOW_PATH = "/etc/slipway/shadow";
/** In the comparator's pod. */
const KEYS_PATH = "/etc/slipway/keys";
const RULES_PATH = "/etc/slipway/rules";
const SUMMARY_PATH = "/var/lib/slipway";
/** Twice what the summary may be, since it is written beside the old one. */
const SUMMARY_SIZE = "72Mi";

const RESOURCES = {
  requests: { cpu: "50m", memory: "128Mi" },
  // Of what waits for its other half, 64 MiB of JSON, a few times as much is held as numbers.
  limits: { cpu: "1", memory: "1Gi" },
};

/** Seconds until a comparator that does not start is reported. */
const START_TIMEOUT = 180;

/** What the comparator's pods are selected by. */
export function comparatorSelector(rollout: string): Record<string, string> {
  return { "app.kubernetes.io/name": "slipway-comparator", "app.kubernetes.io/instance": rollout };
}

export function comparatorLabels(rollout: string): Record<string, string> {
  return { ...comparatorSelector(rollout), ...PART_OF, ...rolloutLabels(rollout) };
}

/** Tells a key from other random text, as `slipway api-key` makes them. */
const KEY_PREFIX = "slw_";

/** The API key of the slots. @param seed a private key: what nobody can guess */
export function comparatorKey(seed: string): string {
  return `${KEY_PREFIX}${createHash("sha256").update(`comparator\n${seed}`).digest("base64url")}`;
}

/** The line by which the comparator knows it. */
export function comparatorKeyLine(key: string): string {
  return `slots sha256:${createHash("sha256").update(key).digest("hex")} infer,metrics\n`;
}

/** What a comparator is made of, resolved. */
export interface ComparatorPods {
  readonly rollout: string;
  /** The server's image, which also compares; with a digest. */
  readonly image: pulumi.Input<string>;
  /** The slot that the other one is compared with. */
  readonly live: Slot;
  readonly imagePullSecrets: readonly string[];
  readonly serviceAccountName: pulumi.Input<string>;
  readonly tlsSecretName: pulumi.Input<string>;
  readonly keySecretName: pulumi.Input<string>;
  readonly rulesConfigMap: pulumi.Input<string>;
}

/** One pod, and never two: each would see half of the pairs. Begins anew where another slot is live. */
export function comparatorDeployment(pods: ComparatorPods): k8s.apps.v1.DeploymentSpec {
  const { rollout, imagePullSecrets } = pods;
  return {
    replicas: 1,
    selector: { matchLabels: comparatorSelector(rollout) },
    revisionHistoryLimit: 3,
    progressDeadlineSeconds: START_TIMEOUT,
    strategy: { type: "Recreate" },
    template: {
      metadata: { labels: comparatorLabels(rollout) },
      spec: {
        serviceAccountName: pods.serviceAccountName,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: restrictedPod(CONTAINER_UID),
        ...(imagePullSecrets.length === 0
          ? {}
          : { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) }),
        containers: [container(pods)],
        volumes: [
          { name: "tls", secret: { secretName: pods.tlsSecretName, defaultMode: 0o440 } },
          {
            name: "keys",
            secret: {
              secretName: pods.keySecretName,
              defaultMode: 0o440,
              items: [{ key: KEY_HASH_FILE, path: KEY_HASH_FILE }],
            },
          },
          { name: "rules", configMap: { name: pods.rulesConfigMap } },
          // Of this pod: a container that is started again goes on, a pod on another node begins anew, which its gate knows.
          { name: "summary", emptyDir: { sizeLimit: SUMMARY_SIZE } },
        ],
      },
    },
  };
}

function container({ image, live }: ComparatorPods): k8s.core.v1.Container {
  const options: Record<string, string> = {
    "--live": live,
    "--rules": `${RULES_PATH}/${RULES_FILE}`,
    "--http-port": String(HTTP_PORT),
    "--metrics-port": String(METRICS_PORT),
    "--tls-cert": `${TLS_PATH}/tls.crt`,
    "--tls-key": `${TLS_PATH}/tls.key`,
    "--api-keys-file": `${KEYS_PATH}/${KEY_HASH_FILE}`,
    "--summary-file": `${SUMMARY_PATH}/summary.json`,
  };
  return {
    name: "comparator",
    image,
    args: ["compare", ...Object.entries(options).flat()],
    ports: [
      { name: "https", containerPort: HTTP_PORT, protocol: "TCP" },
      { name: "metrics", containerPort: METRICS_PORT, protocol: "TCP" },
    ],
    resources: RESOURCES,
    readinessProbe: { ...probe(READY_PATH), periodSeconds: 5, failureThreshold: 2 },
    livenessProbe: { ...probe(LIVE_PATH), periodSeconds: 10, failureThreshold: 6 },
    securityContext: RESTRICTED_CONTAINER,
    volumeMounts: [
      { name: "tls", mountPath: TLS_PATH, readOnly: true },
      { name: "keys", mountPath: KEYS_PATH, readOnly: true },
      { name: "rules", mountPath: RULES_PATH, readOnly: true },
      { name: "summary", mountPath: SUMMARY_PATH },
    ],
  };
}

function probe(path: string): k8s.core.v1.Probe {
  return { httpGet: { path, port: "https", scheme: "HTTPS" }, timeoutSeconds: 5 };
}

/** What makes a slot send its answers: part of its environment, a volume, and a flow. */
export interface SlotShadow {
  readonly environment: Readonly<Record<string, string>>;
  readonly volume: k8s.core.v1.Volume & { readonly name: string; readonly mountPath: string };
  readonly egress: k8s.networking.v1.NetworkPolicyEgressRule;
}

/** What of a Rollout a service is, and what compares its answers with the other's. */
export interface ComparedSlot extends SlotOf {
  /** @default nobody does */
  readonly shadow?: SlotShadow;
}

export function slotShadow(
  rollout: string,
  slot: Slot,
  samplePercent: number,
  files: { readonly keySecretName: pulumi.Input<string>; readonly authorityConfigMap: pulumi.Input<string> },
): SlotShadow {
  const [ca, key] = [`${SHADOW_PATH}/${AUTHORITY_FILE}`, `${SHADOW_PATH}/${KEY_FILE}`];
  return {
    environment: {
      // Without its namespace, which is the slots': the name is one of its certificate's.
      [ENV.shadowUrl]: `https://${comparatorName(rollout)}:${HTTP_PORT}`,
      [ENV.shadowSlot]: slot,
      [ENV.shadowSamplePercent]: String(samplePercent),
      [ENV.shadowCaFile]: ca,
      [ENV.shadowKeyFile]: key,
    },
    volume: {
      name: "shadow",
      mountPath: SHADOW_PATH,
      projected: {
        defaultMode: 0o440,
        sources: [
          { secret: { name: files.keySecretName, items: [{ key: KEY_FILE, path: KEY_FILE }] } },
          {
            configMap: {
              name: files.authorityConfigMap,
              items: [{ key: AUTHORITY_FILE, path: AUTHORITY_FILE }],
            },
          },
        ],
      },
    },
    egress: {
      to: [{ podSelector: { matchLabels: comparatorSelector(rollout) } }],
      ports: [{ protocol: "TCP", port: HTTP_PORT }],
    },
  };
}
