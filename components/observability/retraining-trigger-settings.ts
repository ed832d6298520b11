import type * as pulumi from "@pulumi/pulumi";
import type { Peer } from "../internal/network-policy";
import type { MonitoringStorage, PodTarget } from "./alertmanager-settings";

/** Any program that takes webhooks over HTTP. */
export interface HttpRetraining {
  readonly kind: "http";
  /** The whole address. */
  readonly url: string;
}

/** Argo Workflows: an event, for which a WorkflowEventBinding starts a WorkflowTemplate. */
export interface ArgoRetraining {
  readonly kind: "argo-workflows";
  /** Address of the Argo server, as in "https://argo-server.argo.svc:2746". */
  readonly url: string;
  /** Namespace of the WorkflowEventBinding. */
  readonly namespace: string;
  /**
   * Discriminator of the event.
   * @default "slipway-retraining"
   */
  readonly discriminator?: string;
}

/** Kubeflow Pipelines (API v2beta1): a run of a pipeline. */
export interface KubeflowRetraining {
  readonly kind: "kubeflow";
  /** Address of the API server, as in "https://ml-pipeline.kubeflow.svc:8888". */
  readonly url: string;
  /** Id of the pipeline. */
  readonly pipelineId: string;
  /** Id of its version. */
  readonly pipelineVersionId: string;
  /**
   * Id of the experiment.
   * @default the server's default one
   */
  readonly experimentId?: string;
  /**
   * Parameters that the pipeline declares: `event` is the whole payload, others are its texts of that name.
   * @default ["event"]
   */
  readonly parameters?: readonly string[];
}

/** GitHub Actions: a `repository_dispatch` event. */
export interface GithubRetraining {
  readonly kind: "github";
  /** `OWNER/NAME`. */
  readonly repository: string;
  /**
   * Type of the event, which workflows select by.
   * @default "slipway-retraining"
   */
  readonly eventType?: string;
  /**
   * Address of the API, for GitHub Enterprise.
   * @default "https://api.github.com"
   */
  readonly url?: string;
}

/** Airflow: a run of a DAG. */
export interface AirflowRetraining {
  readonly kind: "airflow";
  /** Address of the web server, as in "https://airflow.example.com". */
  readonly url: string;
  /** Id of the DAG. */
  readonly dag: string;
  /**
   * Version of the REST API: Airflow 3 has v2, Airflow 2 has v1.
   * @default "v2"
   */
  readonly api?: "v2" | "v1";
}

/** What trains models again. */
export type RetrainingTarget =
  HttpRetraining | ArgoRetraining | KubeflowRetraining | GithubRetraining | AirflowRetraining;

/** Settings of a RetrainingTrigger that have a default. */
export interface RetrainingSettings {
  /**
   * Token that the target is shown; kept as a secret.
   * @default none
   */
  readonly token?: pulumi.Input<string>;
  /**
   * Name at the target, with `password`, in place of a token.
   * @default none
   */
  readonly username?: pulumi.Input<string>;
  /**
   * Password at the target, with `username`; kept as a secret.
   * @default none
   */
  readonly password?: pulumi.Input<string>;
  /**
   * Secret that payloads are signed with (Standard Webhooks): `whsec_` and 24 to 64 bytes in base64; kept as a secret.
   * @default one that the stack makes: `signingSecret`
   */
  readonly signingSecret?: pulumi.Input<string>;
  /**
   * Certificate authority of the target, PEM.
   * @default the public authorities
   */
  readonly ca?: pulumi.Input<string>;
  /**
   * Whether the target's address may be `http`, as within a cluster: token and payload can be read on their way.
   * @default false
   */
  readonly allowInsecure?: boolean;
  /**
   * Pods of the target, where it runs in this cluster: connections to nothing else are allowed.
   * @default []
   */
  readonly targetPods?: readonly PodTarget[];
  /**
   * IPv4 ranges of the target, where it runs elsewhere, at the port of its address.
   * @default ["0.0.0.0/0"] without link-local addresses where there are no `targetPods`, else []
   */
  readonly targetCidrs?: readonly string[];
  /**
   * Names of the alerts that trigger retraining, `*` for all that come.
   * @default ["SlipwayDriftDetected", "SlipwayQualityDegraded"]
   */
  readonly alerts?: readonly string[];
  /**
   * Seconds after a trigger in which the same model triggers no other.
   * @default 21600
   */
  readonly cooldown?: number;
  /**
   * Calls of the target for one alert, before it counts as failed; the alert's next notification begins anew.
   * @default 10
   */
  readonly maxAttempts?: number;
  /**
   * Disk for what has been triggered.
   * @default none: a pod that takes the place of another has forgotten it, and may trigger a model again whose alert still fires
   */
  readonly storage?: MonitoringStorage;
  /**
   * Pods that may read metrics (port 8002). Where there is one, a ServiceMonitor is made.
   * @default []
   */
  readonly scrapers?: readonly Peer[];
  /**
   * Names of Secrets, in the namespace, that the kubelet pulls the image with.
   * @default []
   */
  readonly imagePullSecrets?: readonly string[];
}

/** Defaults; a test ties each to its `@default` above. */
export const RETRAINING_DEFAULTS = {
  allowInsecure: false,
  targetPods: [] as readonly PodTarget[],
  alerts: ["SlipwayDriftDetected", "SlipwayQualityDegraded"] as readonly string[],
  cooldown: 21_600,
  maxAttempts: 10,
  scrapers: [] as readonly Peer[],
  imagePullSecrets: [] as readonly string[],
} as const;

/** Settings with every default filled in. */
export type FilledRetraining = RetrainingSettings &
  Required<Pick<RetrainingSettings, keyof typeof RETRAINING_DEFAULTS | "targetCidrs">> & {
    readonly target: RetrainingTarget;
  };

export function fillRetraining(
  args: RetrainingSettings & { readonly target: RetrainingTarget },
): FilledRetraining {
  const targetPods = args.targetPods ?? RETRAINING_DEFAULTS.targetPods;
  return {
    ...args,
    allowInsecure: args.allowInsecure ?? RETRAINING_DEFAULTS.allowInsecure,
    targetPods,
    targetCidrs: args.targetCidrs ?? (targetPods.length === 0 ? ["0.0.0.0/0"] : []),
    alerts: args.alerts ?? RETRAINING_DEFAULTS.alerts,
    cooldown: args.cooldown ?? RETRAINING_DEFAULTS.cooldown,
    maxAttempts: args.maxAttempts ?? RETRAINING_DEFAULTS.maxAttempts,
    scrapers: args.scrapers ?? RETRAINING_DEFAULTS.scrapers,
    imagePullSecrets: args.imagePullSecrets ?? RETRAINING_DEFAULTS.imagePullSecrets,
  };
}
