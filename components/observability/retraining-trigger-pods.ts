import type * as k8s from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import { CONTAINER_UID, HEALTH_PATH, HTTP_PORT, METRICS_PORT } from "../../runtime/contract";
import { PART_OF } from "../internal/labels";
import { DNS_EGRESS, peer, type Peer } from "../internal/network-policy";
import { RESTRICTED_CONTAINER, restrictedPod } from "../internal/pod-security";
import { ANY_ADDRESS } from "../model/repository-models";
import type { FilledRetraining, RetrainingTarget } from "./retraining-trigger-settings";

/** Keys of the Secret, which are files of the pod. */
export const RETRAINING_FILES = {
  callerToken: "caller-token",
  signingSecret: "signing-secret",
  token: "target-token",
  username: "target-username",
  password: "target-password",
  ca: "target-ca.crt",
} as const;

type FileKey = keyof typeof RETRAINING_FILES;

const SECRETS_PATH = "/etc/slipway/retraining";
const STATE_PATH = "/var/lib/slipway";
/** Ten thousand records, twice: the file is written beside the old one. */
const STATE_SIZE = "64Mi";
const RESOURCES = {
  requests: { cpu: "10m", memory: "64Mi" },
  // State without a volume is 64 MiB, and the kubelet keeps 50 MiB of logs.
  limits: { cpu: "500m", memory: "256Mi", "ephemeral-storage": "256Mi" },
};
/** Seconds until a trigger that does not start is reported. */
const START_TIMEOUT = 180;

export function retrainingSelector(name: string): Record<string, string> {
  return { "app.kubernetes.io/name": "slipway-retraining-trigger", "app.kubernetes.io/instance": name };
}

export function retrainingLabels(name: string): Record<string, string> {
  return { ...retrainingSelector(name), ...PART_OF };
}

export interface RetrainingPods {
  readonly name: string;
  /** The server's image, with a digest. */
  readonly image: pulumi.Input<string>;
  readonly settings: FilledRetraining;
  readonly serviceAccountName: pulumi.Input<string>;
  readonly secretName: pulumi.Input<string>;
  /** Those of the Secret that there are. */
  readonly files: readonly FileKey[];
  /** Undefined where the state ends with the pod. */
  readonly claimName: pulumi.Input<string> | undefined;
}

/** One pod, and never two: each would trigger what the other has triggered. */
export function retrainingDeployment(pods: RetrainingPods): k8s.apps.v1.DeploymentSpec {
  const { name, settings, secretName, files, claimName } = pods;
  return {
    replicas: 1,
    selector: { matchLabels: retrainingSelector(name) },
    revisionHistoryLimit: 3,
    progressDeadlineSeconds: START_TIMEOUT,
    strategy: { type: "Recreate" },
    template: {
      metadata: { labels: retrainingLabels(name) },
      spec: {
        serviceAccountName: pods.serviceAccountName,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: restrictedPod(CONTAINER_UID),
        ...(settings.imagePullSecrets.length === 0
          ? {}
          : { imagePullSecrets: settings.imagePullSecrets.map((each) => ({ name: each })) }),
        containers: [container(pods)],
        volumes: [
          {
            name: "secrets",
            secret: {
              secretName,
              // 0440: the group may read them, nobody else.
              defaultMode: 0o440,
              items: files.map((key) => ({ key: RETRAINING_FILES[key], path: RETRAINING_FILES[key] })),
            },
          },
          {
            name: "state",
            ...(claimName === undefined
              ? { emptyDir: { sizeLimit: STATE_SIZE } }
              : { persistentVolumeClaim: { claimName } }),
          },
        ],
      },
    },
  };
}

function container({ image, settings, files }: RetrainingPods): k8s.core.v1.Container {
  const file = (key: FileKey) =>
    files.includes(key) ? `${SECRETS_PATH}/${RETRAINING_FILES[key]}` : undefined;
  const options: Record<string, string | undefined> = {
    ...targetOptions(settings.target),
    "--alerts": settings.alerts.join(","),
    "--cooldown": String(settings.cooldown),
    "--max-attempts": String(settings.maxAttempts),
    "--allow-insecure": String(settings.allowInsecure),
    "--http-port": String(HTTP_PORT),
    "--metrics-port": String(METRICS_PORT),
    "--state-file": `${STATE_PATH}/retraining.json`,
    "--token-file": file("callerToken"),
    "--signing-secret-file": file("signingSecret"),
    "--target-token-file": file("token"),
    "--target-username-file": file("username"),
    "--target-password-file": file("password"),
    "--target-ca-file": file("ca"),
  };
  const given = Object.entries(options).filter((each): each is [string, string] => each[1] !== undefined);
  return {
    name: "trigger",
    image,
    args: ["retraining-trigger", ...given.flat()],
    ports: [
      { name: "http", containerPort: HTTP_PORT, protocol: "TCP" },
      { name: "metrics", containerPort: METRICS_PORT, protocol: "TCP" },
    ],
    resources: RESOURCES,
    readinessProbe: { ...probe(), periodSeconds: 5, failureThreshold: 2 },
    livenessProbe: { ...probe(), periodSeconds: 10, failureThreshold: 6 },
    securityContext: RESTRICTED_CONTAINER,
    volumeMounts: [
      { name: "secrets", mountPath: SECRETS_PATH, readOnly: true },
      { name: "state", mountPath: STATE_PATH },
    ],
  };
}

function targetOptions(target: RetrainingTarget): Record<string, string | undefined> {
  const common = { "--target": target.kind, "--target-url": target.url };
  switch (target.kind) {
    case "http":
      return common;
    case "argo-workflows":
      return {
        ...common,
        "--argo-namespace": target.namespace,
        "--argo-discriminator": target.discriminator,
      };
    case "kubeflow":
      return {
        ...common,
        "--kubeflow-pipeline": target.pipelineId,
        "--kubeflow-pipeline-version": target.pipelineVersionId,
        "--kubeflow-experiment": target.experimentId,
        "--kubeflow-parameters": target.parameters?.join(","),
      };
    case "github":
      return {
        ...common,
        "--github-repository": target.repository,
        "--github-event-type": target.eventType,
      };
    case "airflow":
      return { ...common, "--airflow-dag": target.dag, "--airflow-api": target.api };
  }
}

function probe(): k8s.core.v1.Probe {
  return { httpGet: { path: HEALTH_PATH, port: "http" }, timeoutSeconds: 5 };
}

/** Exactly the flows of a trigger: alerts from Alertmanager, scrapes from Prometheus; names and the target outwards. */
export function retrainingPolicy(
  name: string,
  settings: FilledRetraining,
  alertmanagers: readonly Peer[],
): k8s.networking.v1.NetworkPolicySpec {
  const { target, targetPods, targetCidrs, scrapers } = settings;
  const tcp = (port: number) => [{ protocol: "TCP", port }];
  const blocks = targetCidrs.map((cidr) => ({
    ipBlock: cidr === ANY_ADDRESS.cidr ? { cidr, except: [...ANY_ADDRESS.except] } : { cidr },
  }));
  return {
    podSelector: { matchLabels: retrainingSelector(name) },
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      { from: alertmanagers.map(peer), ports: tcp(HTTP_PORT) },
      // A rule with an empty `from` would allow everyone: no peer, no rule.
      ...(scrapers.length === 0 ? [] : [{ from: scrapers.map(peer), ports: tcp(METRICS_PORT) }]),
    ],
    egress: [
      DNS_EGRESS,
      ...targetPods.map((pods) => ({ to: [peer(pods)], ports: tcp(pods.port) })),
      ...(blocks.length === 0 ? [] : [{ to: blocks, ports: tcp(portOf(target)) }]),
    ],
  };
}

function portOf({ url }: RetrainingTarget): number {
  const { port, protocol } = new URL(url ?? "https://api.github.com");
  return port === "" ? (protocol === "http:" ? 80 : 443) : Number(port);
}
