import { createHash } from "node:crypto";
import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { PersistentVolumeClaim, Secret, Service, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { ALERTS_PATH, HTTP_PORT, METRICS_PATH, METRICS_PORT } from "../../runtime/contract";
import { monitorMetadata } from "../internal/monitor-labels";
import { nameAfter } from "../internal/name-after";
import type { Peer } from "../internal/network-policy";
import { imageProblem } from "../internal/references";
import type { AlertReceiver, MonitoringStorage } from "./alertmanager-settings";
import { resolveRetraining } from "./retraining-trigger-checks";
import {
  RETRAINING_FILES,
  retrainingDeployment,
  retrainingLabels,
  retrainingPolicy,
  retrainingSelector,
} from "./retraining-trigger-pods";
import type { FilledRetraining, RetrainingSettings, RetrainingTarget } from "./retraining-trigger-settings";

/** Inputs of a RetrainingTrigger; the settings of RetrainingSettings have defaults of their own. */
export interface RetrainingTriggerArgs extends RetrainingSettings {
  /** Namespace of every object. It should enforce the `restricted` pod security standard: the pod meets it. */
  readonly namespace: pulumi.Input<string>;
  /** The server's image, which also triggers; with a digest. */
  readonly image: pulumi.Input<string>;
  /** What trains models again. */
  readonly target: RetrainingTarget;
  /** Pods of the Alertmanager that calls; nobody else may. At least one. */
  readonly alertmanagers: readonly Peer[];
}

/** Alerts of one call; the server refuses more. */
const MOST_ALERTS = 1000;

/**
 * Has a model trained again when an alert says that it drifts or that its answers have become worse: Alertmanager calls it, and it calls
 * Argo Workflows, Kubeflow Pipelines, GitHub Actions, Airflow or any webhook, with one payload that is signed, repeated until it is
 * taken, and sent once per alert and model.
 *
 * @example
 * const digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
 * const retraining = new RetrainingTrigger("retraining", {
 *   namespace: "slipway-monitoring",
 *   image: `registry.example.com/slipway/runtime@${digest}`,
 *   target: { kind: "github", repository: "example/models" },
 *   token: new pulumi.Config().requireSecret("githubToken"),
 *   alertmanagers: [
 *     {
 *       namespace: "slipway-monitoring",
 *       podLabels: { "app.kubernetes.io/name": "alertmanager", alertmanager: "prometheus" },
 *     },
 *   ],
 * });
 * const monitoring = new Monitoring("prometheus", {
 *   namespace: "slipway-monitoring",
 *   servicesNamespace: "slipway",
 *   alerting: {
 *     receivers: { people: { webhook: { url: "https://pager.example.com/alerts" } }, retraining: retraining.receiver },
 *     receiver: "people",
 *     // The last one: Alertmanager tells `receiver` of nothing that a route has taken, even if that continues.
 *     routes: [
 *       { receiver: "retraining", matchers: ['alertname=~"SlipwayDriftDetected|SlipwayQualityDegraded"'], continue: true },
 *       { receiver: "people", matchers: ['alertname=~"SlipwayDriftDetected|SlipwayQualityDegraded"'] },
 *     ],
 *   },
 * });
 * export const namespace = monitoring.namespace;
 */
export class RetrainingTrigger extends pulumi.ComponentResource {
  /** Name of the Service. */
  readonly serviceName: pulumi.Output<string>;
  readonly namespace: pulumi.Output<string>;
  /** What payloads are signed with, for whoever verifies them; a secret. */
  readonly signingSecret: pulumi.Output<string>;
  /** For `receivers` of Monitoring's `alerting`: where Alertmanager calls, and what it shows. */
  readonly receiver: AlertReceiver;
  readonly deployment: Deployment;

  constructor(name: string, args: RetrainingTriggerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:RetrainingTrigger", name, {}, opts);
    const settings = resolveRetraining(name, args);
    const { namespace } = args;
    const parent = { parent: this };
    const metadata = { name, namespace, labels: retrainingLabels(name) };

    const seed = new tls.PrivateKey(`${name}-seed`, { algorithm: "ED25519" }, parent);
    const derived = (what: string, encoding: "base64" | "base64url") =>
      pulumi.secret(
        seed.privateKeyPem.apply((pem) => createHash("sha256").update(`${what}\n${pem}`).digest(encoding)),
      );
    const callerToken = derived("caller", "base64url");
    this.signingSecret = pulumi.secret(
      args.signingSecret ?? pulumi.interpolate`whsec_${derived("signature", "base64")}`,
    );
    const contents = contentsOf(settings, callerToken, this.signingSecret);
    const secret = createSecret(name, metadata, contents, parent);
    const account = new ServiceAccount(
      `${name}-account`,
      { metadata, automountServiceAccountToken: false },
      parent,
    );
    const claim = settings.storage && createClaim(name, metadata, settings.storage, parent);
    const flows = new NetworkPolicy(
      `${name}-flows`,
      { metadata, spec: retrainingPolicy(name, settings, args.alertmanagers) },
      parent,
    );
    this.deployment = new Deployment(
      `${name}-deployment`,
      {
        metadata,
        spec: retrainingDeployment({
          name,
          image: pulumi.output(args.image).apply(requireDigest),
          settings,
          serviceAccountName: nameAfter(account, name),
          secretName: secret.metadata.name,
          files: Object.keys(contents) as (keyof typeof contents)[],
          claimName: claim && nameAfter(claim, name),
        }),
      },
      // The policy first: its absence would leave the first pod open to everyone.
      { parent: this, dependsOn: [flows] },
    );
    const service = new Service(
      `${name}-service`,
      {
        metadata,
        spec: {
          selector: retrainingSelector(name),
          ports: [
            { name: "http", port: HTTP_PORT, targetPort: "http", protocol: "TCP" },
            { name: "metrics", port: METRICS_PORT, targetPort: "metrics", protocol: "TCP" },
          ],
        },
      },
      { parent: this, dependsOn: [this.deployment] },
    );
    new PodDisruptionBudget(
      `${name}-disruption`,
      {
        metadata,
        // It may go at any time: what it has accepted is delivered by the next one.
        spec: {
          maxUnavailable: 1,
          selector: { matchLabels: retrainingSelector(name) },
          unhealthyPodEvictionPolicy: "AlwaysAllow",
        },
      },
      parent,
    );
    if (settings.scrapers.length > 0) createMonitor(name, metadata, settings.scrapers, parent);

    this.serviceName = nameAfter(service, name);
    this.namespace = pulumi.output(namespace);
    this.receiver = {
      webhook: {
        url: pulumi.interpolate`http://${this.serviceName}.${namespace}.svc:${HTTP_PORT}${ALERTS_PATH}`,
        bearerToken: callerToken,
        // Within the cluster, and from Alertmanager's pods alone.
        insecure: true,
        pods: { namespace, podLabels: retrainingSelector(name), port: HTTP_PORT },
        sendResolved: false,
        maxAlerts: MOST_ALERTS,
      },
    };
    this.registerOutputs({
      serviceName: this.serviceName,
      namespace: this.namespace,
      signingSecret: this.signingSecret,
    });
  }
}

interface Metadata {
  readonly name: string;
  readonly namespace: pulumi.Input<string>;
  readonly labels: Record<string, string>;
}

type Contents = Readonly<Partial<Record<keyof typeof RETRAINING_FILES, pulumi.Input<string>>>>;

function contentsOf(
  { token, username, password, ca }: FilledRetraining,
  callerToken: pulumi.Input<string>,
  signingSecret: pulumi.Input<string>,
): Contents {
  const all = { callerToken, signingSecret, token, username, password, ca };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Contents;
}

/** Without a name, as with certificates: a Secret whose data change is replaced, and its users change over before the old one goes. */
function createSecret(
  name: string,
  { namespace, labels }: Metadata,
  contents: Contents,
  opts: pulumi.CustomResourceOptions,
): Secret {
  const data = Object.entries(contents).map(([key, value]) => [
    RETRAINING_FILES[key as keyof Contents],
    pulumi.secret(value!),
  ]);
  return new Secret(
    `${name}-secrets`,
    {
      metadata: { namespace, labels },
      stringData: Object.fromEntries(data) as Record<string, pulumi.Output<string>>,
    },
    opts,
  );
}

function createClaim(
  name: string,
  metadata: Metadata,
  { size, storageClass }: MonitoringStorage,
  opts: pulumi.CustomResourceOptions,
): PersistentVolumeClaim {
  return new PersistentVolumeClaim(
    `${name}-state`,
    {
      // Many classes make the volume when the first pod wants it.
      metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
      spec: {
        accessModes: ["ReadWriteOnce"],
        ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
        resources: { requests: { storage: size } },
      },
    },
    opts,
  );
}

function createMonitor(
  name: string,
  metadata: Metadata,
  scrapers: readonly Peer[],
  opts: pulumi.CustomResourceOptions,
): void {
  const spec = {
    selector: { matchLabels: retrainingSelector(name) },
    endpoints: [{ port: "metrics", path: METRICS_PATH, scheme: "http", interval: "15s" }],
  };
  new CustomResource(
    `${name}-monitor`,
    {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "ServiceMonitor",
      metadata: monitorMetadata(metadata, scrapers),
      spec,
    },
    opts,
  );
}

function requireDigest(image: string): string {
  const problem = imageProblem(image);
  if (problem) throw new pulumi.InputPropertyError({ propertyPath: "image", reason: problem });
  return image;
}
