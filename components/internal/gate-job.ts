import { createHash } from "node:crypto";
import type * as k8s from "@pulumi/kubernetes/types/input";
import * as pulumi from "@pulumi/pulumi";
import type { DriftGate, JobGate, JobLikeGate, QualityGate } from "../../rollout/declaration";
import { GATE_DEFAULTS } from "../../rollout/defaults";
import { GATE_LABEL } from "../../rollout/gates/job-outcome";
import { CONTAINER_UID, ENV, HTTP_PORT } from "../../runtime/contract";
import { gatePodLabels } from "./gate-flows";
import { RESTRICTED_CONTAINER, restrictedPod } from "./pod-security";
import { rolloutLabels } from "./slot-labels";
import { PART_OF } from "./labels";

/** What the pods of gates are about: a rollout's candidate beside its live slot. */
export interface GateJobTarget {
  /** Name of the Rollout. */
  readonly rollout: string;
  readonly namespace: pulumi.Input<string>;
  /** Names of the Services. */
  readonly candidate: string;
  readonly live: string;
  /** Stands for everything that the candidate serves with: digests of its image and models. */
  readonly content: pulumi.Input<string>;
  /** The server's image, which also judges answers; with a digest. */
  readonly image: pulumi.Input<string>;
  /** ConfigMap with the authority of both servers' certificates, in `ca.crt`. */
  readonly authorityConfigMap: pulumi.Input<string>;
  /** @default [] */
  readonly imagePullSecrets?: readonly string[];
}

const AUTHORITY_PATH = "/etc/slipway/authority";
const AUTHORITY_FILE = "ca.crt";
const DATASET_PATH = "/etc/slipway/dataset";
const DATASET_FILE = "dataset.json";

/** Digest of what a gate's pod was asked about. */
const CANDIDATE_ANNOTATION = "slipway.dev/candidate";

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Seconds for asking every row. */
const QUALITY_TIMEOUT = 240;
/** Seconds until the container runs: scheduling, and the image where the node lacks it. */
const START_MARGIN = 120;
const TMP_SIZE = "256Mi";

const RESOURCES = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: { cpu: "1", memory: "1Gi" },
};

/** Seconds between Kubernetes' end of a Job and that of the wait for it. */
const AWAIT_MARGIN = 60;

/** Seconds after which Kubernetes ends a gate's Job as failed, and removes its pod. */
function gateDeadline(gate: JobLikeGate): number {
  return gate.kind === "job"
    ? (gate.timeout ?? GATE_DEFAULTS.timeout)
    : QUALITY_TIMEOUT + START_MARGIN + AWAIT_MARGIN;
}

/**
 * Seconds for which an update waits for a gate's Job. The project's own gates end by themselves: one that has not by then could not
 * begin, and while its pod is still there its events say why. Somebody else's image has exactly the time that it was given.
 */
export function gatePatience(gate: JobLikeGate): number {
  return gateDeadline(gate) + (gate.kind === "job" ? AWAIT_MARGIN : -AWAIT_MARGIN);
}

/** Whether what the live slot says matters too; of somebody else's image nobody knows. */
const asksLive = (gate: JobLikeGate): boolean =>
  gate.kind !== "quality" || gate.notWorseThanLiveBy !== undefined;

/**
 * Name of a gate's Job: the same candidate and gate have the same one, and the same live slot where the gate asks it, so that a Job that
 * passed is not run again; anything else is another Job.
 * @param content stands for everything that the candidate serves with: digests of its image and models
 * @param live the same of the live slot
 */
export function gateJobName(rollout: string, gate: JobLikeGate, content: string, live: string): string {
  const declared = Object.entries(gate).sort(([a], [b]) => (a < b ? -1 : 1));
  const what = JSON.stringify([content, declared, ...(asksLive(gate) ? [live] : [])]);
  const hash = hashOf(what).slice(0, 10);
  // Jobs label their pods with their name: 63 characters, of which 11 are the hash's.
  const readable = `${rollout}-gate-${gate.name.toLowerCase()}`.slice(0, 52).replace(/-+$/, "");
  return `${readable}-${hash}`;
}

/** Job of a gate: one pod, not tried again, whose last words are the gate's outcome. */
export function gateJobSpec(gate: JobLikeGate, target: GateJobTarget): k8s.batch.v1.JobSpec {
  const { imagePullSecrets = [] } = target;
  return {
    backoffLimit: 0,
    activeDeadlineSeconds: gateDeadline(gate),
    // A node that is drained says nothing of the candidate.
    podFailurePolicy: {
      rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
    },
    template: {
      metadata: {
        labels: {
          ...gatePodLabels(target.rollout),
          ...rolloutLabels(target.rollout),
          ...PART_OF,
          [GATE_LABEL]: gate.name,
        },
        // Not to be changed in a Job: another candidate is asked by another one, also where the name is to stay.
        annotations: { [CANDIDATE_ANNOTATION]: pulumi.output(target.content).apply(hashOf) },
      },
      spec: {
        restartPolicy: "Never",
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: restrictedPod(CONTAINER_UID),
        ...(imagePullSecrets.length === 0
          ? {}
          : { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) }),
        containers: [gate.kind === "job" ? ownContainer(gate, target) : judgingContainer(gate, target)],
        volumes: [
          { name: "tmp", emptyDir: { sizeLimit: TMP_SIZE } },
          {
            name: "authority",
            configMap: {
              name: target.authorityConfigMap,
              items: [{ key: AUTHORITY_FILE, path: AUTHORITY_FILE }],
            },
          },
          ...(gate.kind === "job"
            ? []
            : [
                {
                  name: "dataset",
                  configMap: { name: gate.dataset, items: [{ key: DATASET_FILE, path: DATASET_FILE }] },
                },
              ]),
        ],
      },
    },
  };
}

/** The project's own image, which asks both slots and compares. */
function judgingContainer(gate: QualityGate | DriftGate, target: GateJobTarget): k8s.core.v1.Container {
  const option = (flag: string, value: string | undefined) => (value === undefined ? [] : [flag, value]);
  const isDrift = gate.kind === "drift";
  const threshold = isDrift ? (gate.threshold ?? GATE_DEFAULTS.threshold) : gate.threshold;
  return {
    ...container(target, [{ name: "dataset", mountPath: DATASET_PATH, readOnly: true }]),
    image: target.image,
    args: [
      "gate",
      ...option("--gate", gate.name),
      ...option("--model", gate.model),
      ...option("--dataset", `${DATASET_PATH}/${DATASET_FILE}`),
      ...option("--metric", isDrift ? (gate.method ?? GATE_DEFAULTS.method) : gate.metric),
      ...option("--output", gate.output),
      ...option("--threshold", decimal(threshold)),
      ...option("--not-worse-than-live-by", isDrift ? undefined : decimal(gate.notWorseThanLiveBy)),
      ...option("--timeout", String(QUALITY_TIMEOUT)),
    ],
  };
}

function ownContainer(gate: JobGate, target: GateJobTarget): k8s.core.v1.Container {
  const common = container(target, []);
  const own = Object.entries(gate.env ?? {}).map(([name, value]) => ({ name, value }));
  return {
    ...common,
    image: gate.image,
    ...(gate.command === undefined ? {} : { command: [...gate.command] }),
    ...(gate.args === undefined ? {} : { args: [...gate.args] }),
    env: [...own, ...common.env],
  };
}

function container(target: GateJobTarget, mounts: k8s.core.v1.VolumeMount[]) {
  return {
    name: "gate",
    env: [
      { name: ENV.candidateUrl, value: slotUrl(target.candidate, target.namespace) },
      { name: ENV.liveUrl, value: slotUrl(target.live, target.namespace) },
      { name: ENV.caFile, value: `${AUTHORITY_PATH}/${AUTHORITY_FILE}` },
    ],
    resources: RESOURCES,
    securityContext: RESTRICTED_CONTAINER,
    // What a gate writes to /dev/termination-log is its outcome; one that writes nothing has its last log lines.
    terminationMessagePolicy: "FallbackToLogsOnError",
    volumeMounts: [
      { name: "tmp", mountPath: "/tmp" },
      { name: "authority", mountPath: AUTHORITY_PATH, readOnly: true },
      ...mounts,
    ],
  };
}

function slotUrl(service: string, namespace: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.interpolate`https://${service}.${namespace}.svc:${HTTP_PORT}`;
}

/** Without an exponent, which the command line does not take. */
function decimal(value: number | undefined): string | undefined {
  return value?.toFixed(12).replace(/\.?0+$/, "");
}
