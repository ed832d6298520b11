import { createHash } from "node:crypto";
import { CustomResource } from "@pulumi/kubernetes/apiextensions";
import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { ConfigMap, Secret, Service, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import type { ComparisonRules } from "../../rollout/comparison/rules";
import { comparatorName } from "../../rollout/comparison/service";
import type { Slot } from "../../rollout/declaration";
import { HTTP_PORT, METRICS_PATH, METRICS_PORT } from "../../runtime/contract";
import type { CertificateAuthority } from "../traffic/certificate-authority";
import { ServerCertificate } from "../traffic/server-certificate";
import {
  AUTHORITY_FILE,
  KEY_FILE,
  KEY_HASH_FILE,
  RULES_FILE,
  comparatorDeployment,
  comparatorKey,
  comparatorKeyLine,
  comparatorLabels,
  comparatorSelector,
  slotShadow,
  type SlotShadow,
} from "./comparator";
import { comparatorPolicy } from "./comparator-flows";
import { monitorMetadata, type Scraper } from "./monitor-labels";
import { nameAfter } from "./name-after";
import type { Peer } from "./network-policy";

/** A rollout, as its comparator needs it. */
export interface ComparedRollout {
  readonly rollout: string;
  readonly namespace: pulumi.Input<string>;
  readonly image: pulumi.Input<string>;
  readonly imagePullSecrets: readonly string[];
  readonly authority: CertificateAuthority;
  readonly scrapers: readonly Peer[];
  readonly live: Slot;
  /** Share of the answers that slots send, in percent. */
  readonly samplePercent: number;
  readonly rules: ComparisonRules;
}

/**
 * The comparator of a rollout whose candidate sees copies of requests, with all that it needs. Nothing of the slots waits for it: they
 * serve whether it runs or not.
 * @returns what makes a slot send its answers to it
 */
export function createComparator(
  name: string,
  { rollout, namespace, authority, scrapers, samplePercent, rules, ...compared }: ComparedRollout,
  opts: pulumi.CustomResourceOptions,
): (slot: Slot) => SlotShadow {
  const objectName = comparatorName(rollout);
  const metadata = { name: objectName, namespace, labels: comparatorLabels(rollout) };
  const certificate = new ServerCertificate(
    `${name}-comparator-tls`,
    {
      authority,
      namespace,
      dnsNames: pulumi.output(namespace).apply((ns) => [objectName, `${objectName}.${ns}.svc`]),
    },
    opts,
  );
  const keySecretName = createKey(name, metadata, opts);
  const authorityName = `${objectName}-authority`;
  const authorityMap = new ConfigMap(
    `${name}-comparator-authority`,
    {
      metadata: { ...metadata, name: authorityName },
      data: { [AUTHORITY_FILE]: authority.certificatePem },
    },
    opts,
  );
  const rulesText = JSON.stringify(rules);
  // Named by its content: other rules are another object, to which the Deployment changes over.
  const hash = createHash("sha256").update(rulesText).digest("hex").slice(0, 8);
  const rulesName = `${objectName}-rules-${hash}`;
  const rulesMap = new ConfigMap(
    `${name}-comparator-rules`,
    { metadata: { ...metadata, name: rulesName }, data: { [RULES_FILE]: rulesText } },
    opts,
  );
  const account = new ServiceAccount(
    `${name}-comparator-account`,
    { metadata, automountServiceAccountToken: false },
    opts,
  );
  const flows = new NetworkPolicy(
    `${name}-comparator-flows`,
    { metadata, spec: comparatorPolicy(rollout, scrapers) },
    opts,
  );
  new Deployment(
    `${name}-comparator-deployment`,
    {
      metadata: unawaited(metadata),
      spec: comparatorDeployment({
        ...compared,
        rollout,
        serviceAccountName: nameAfter(account, objectName),
        tlsSecretName: certificate.secretName,
        keySecretName,
        rulesConfigMap: nameAfter(rulesMap, rulesName),
      }),
    },
    // The policy first: its absence would leave the first pod open to everyone.
    { ...opts, dependsOn: [flows] },
  );
  createSurroundings(name, rollout, metadata, scrapers, opts);
  const files = { keySecretName, authorityConfigMap: nameAfter(authorityMap, authorityName) };
  return (slot) => slotShadow(rollout, slot, samplePercent, files);
}

type Metadata = { name: string; namespace: pulumi.Input<string>; labels: Record<string, string> };

/** A switch must not fail because its observer does not start: gates say that nothing is known of it. */
const unawaited = (metadata: Metadata) => ({
  ...metadata,
  annotations: { "pulumi.com/skipAwait": "true" },
});

/** The API key that the slots show, a secret of the stack. */
function createKey(
  name: string,
  { namespace, labels }: Metadata,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const seed = new tls.PrivateKey(`${name}-comparator-key`, { algorithm: "ED25519" }, opts);
  const key = pulumi.secret(seed.privateKeyPem.apply(comparatorKey));
  const secret = new Secret(
    `${name}-comparator-keys`,
    {
      // No name, as with certificates: a Secret whose data change is replaced, and its users change over before the old one goes.
      metadata: { namespace, labels },
      data: { [KEY_FILE]: key.apply(base64), [KEY_HASH_FILE]: key.apply(comparatorKeyLine).apply(base64) },
    },
    opts,
  );
  return secret.metadata.name;
}

function createSurroundings(
  name: string,
  rollout: string,
  metadata: Metadata,
  scrapers: readonly Scraper[],
  opts: pulumi.CustomResourceOptions,
): void {
  const selector = comparatorSelector(rollout);
  new Service(
    `${name}-comparator-service`,
    {
      metadata: unawaited(metadata),
      spec: {
        selector,
        ports: [
          { name: "https", port: HTTP_PORT, targetPort: "https", protocol: "TCP" },
          { name: "metrics", port: METRICS_PORT, targetPort: "metrics", protocol: "TCP" },
        ],
      },
    },
    opts,
  );
  new PodDisruptionBudget(
    `${name}-comparator-disruption`,
    {
      metadata,
      // It may go at any time: all that is lost is a comparison so far.
      spec: {
        maxUnavailable: 1,
        selector: { matchLabels: selector },
        unhealthyPodEvictionPolicy: "AlwaysAllow",
      },
    },
    opts,
  );
  if (scrapers.length === 0) return;
  const spec = {
    selector: { matchLabels: selector },
    endpoints: [{ port: "metrics", path: METRICS_PATH, scheme: "http", interval: "15s" }],
  };
  new CustomResource(
    `${name}-comparator-monitor`,
    {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "ServiceMonitor",
      metadata: monitorMetadata(metadata, scrapers),
      spec,
    },
    opts,
  );
}

const base64 = (text: string): string => Buffer.from(text, "utf8").toString("base64");
