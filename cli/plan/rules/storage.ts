import type { ResourceChange } from "../steps";
import { CHART_VALUES } from "./chart-values";
import { replicas } from "./replicas";
import { access, cost, dataLoss, each, harmless, interruption, on, whenMore } from "./rule";
import type { Effect, RuleTable } from "./rule";

const CONTENT_GOES = dataLoss("what it holds is lost");

const logTypes = (inputs: Record<string, unknown> | undefined): unknown[] | undefined => {
  const types = inputs?.enabledClusterLogTypes ?? [];
  return Array.isArray(types) ? types : undefined;
};

/** What the control plane records of itself, whatever the order. */
function clusterLogs({ before, after }: ResourceChange): Effect[] {
  const [old, next] = [logTypes(before), logTypes(after)];
  if (!old || !next) return [access("may no longer record who did what in the cluster")];
  const lost = old.filter((type) => !next.includes(type));
  const more = next.some((type) => !old.includes(type));
  return [
    ...(lost.some((type) => type === "audit" || type === "authenticator")
      ? [access("who came in, or did what in the cluster, is no longer recorded")]
      : []),
    ...(more ? [cost("more logs are kept")] : []),
    ...(lost.length > 0 ? [harmless("less of the control plane is recorded")] : []),
  ];
}

/** Whatever holds data, or what data cannot be read without. */
export const STORAGE: RuleTable = {
  "kubernetes:core/PersistentVolumeClaim": {
    noun: "the volume claim",
    delete: dataLoss("its volume and the data on it go, unless the reclaim policy retains them"),
    update: [
      on(
        /^spec\.resources\.requests\.storage$/,
        whenMore(cost("a larger volume"), interruption("a volume cannot shrink: the update will fail")),
      ),
    ],
  },
  "kubernetes:core/PersistentVolume": {
    noun: "the volume",
    delete: dataLoss("whether its data stays depends on the reclaim policy"),
    update: [
      on(/^spec\.persistentVolumeReclaimPolicy$/, dataLoss("changes whether data outlives its claim")),
    ],
  },
  "kubernetes:core/Namespace": {
    noun: "the namespace",
    delete: dataLoss("everything in it goes, volume claims and secrets included"),
    update: [on(/^metadata\.labels/, access("its labels select who may run and reach what"))],
  },
  "kubernetes:apiextensions.k8s.io/CustomResourceDefinition": {
    noun: "the custom resource definition",
    delete: dataLoss("every object of its kind is deleted with it"),
    update: [
      on(/^spec\.versions\b/, interruption("objects that the new schema refuses cannot be changed any more")),
    ],
  },
  "kubernetes:helm.sh/Release": {
    noun: "the chart release",
    delete: dataLoss("all that the chart installed goes, and objects of kinds that it defined"),
    update: [
      on(
        /^(chart|version|repositoryOpts)\b/,
        interruption("upgrades what the chart installs; its pods restart"),
      ),
      ...CHART_VALUES,
    ],
  },
  "kubernetes:storage.k8s.io/StorageClass": {
    noun: "the storage class",
    delete: interruption("new claims of it stay pending; bound volumes stay"),
    replace: interruption("claims made before the new one is there stay pending; bound volumes stay"),
  },
  "kubernetes:monitoring.coreos.com/Prometheus": {
    noun: "Prometheus",
    delete: dataLoss("its measurements go, unless its volume is retained"),
    update: [
      on(/^spec\.replicas$/, replicas),
      on(/^spec\.shards$/, whenMore(cost("more pods"), harmless("fewer pods"), 1)),
      on(/^spec\.(storage|retention|retentionSize)\b/, dataLoss("older measurements may go")),
      on(/^spec\b/, harmless("its pods restart one after the other")),
    ],
  },
  ...each(["aws:s3/Bucket", "aws:s3/BucketV2"], {
    noun: "the bucket",
    delete: ({ before }) =>
      dataLoss(
        before?.forceDestroy === true
          ? "every object in it is deleted (`forceDestroy`)"
          : "its objects are lost; S3 refuses while it holds any",
      ),
    update: [
      on(/^forceDestroy$/, ({ after }) =>
        after === true
          ? dataLoss("a later deletion takes every object with it")
          : harmless("protects its objects"),
      ),
      on(/^(acl|policy|grants)\b/, access("changes who may read it")),
    ],
  }),
  ...each(["aws:s3/BucketVersioning", "aws:s3/BucketVersioningV2"], {
    noun: "the bucket's versioning",
    delete: dataLoss("overwritten objects can no longer be restored"),
    replace: harmless("versions that exist stay"),
    update: [
      on(/\bstatus$/, ({ after }) =>
        after === "Enabled"
          ? harmless("overwritten objects can be restored")
          : dataLoss("overwritten objects can no longer be restored"),
      ),
    ],
  }),
  ...each(["aws:s3/BucketLifecycleConfiguration", "aws:s3/BucketLifecycleConfigurationV2"], {
    noun: "the bucket's lifecycle",
    create: dataLoss("objects expire by its rules"),
    delete: cost("objects no longer expire"),
    replace: dataLoss("objects expire by other rules"),
    update: [on(/^rules?\b/, dataLoss("objects expire by other rules"))],
  }),
  "aws:kms/Key": {
    noun: "the key",
    delete: dataLoss("what it encrypted cannot be read any more once its waiting period is over"),
    replace: dataLoss("what the old key encrypted cannot be read any more once its waiting period is over"),
    update: [
      on(/^isEnabled$/, interruption("what it encrypted can be read only while it is enabled")),
      on(/^policy\b/, access("changes who may use it")),
      on(/^deletionWindowInDays$/, harmless("changes how long a deletion can be taken back")),
    ],
  },
  "aws:kms/Alias": {
    noun: "the key's alias",
    delete: interruption("who names the key by it no longer finds it"),
  },
  "aws:eks/Cluster": {
    noun: "the cluster",
    delete: dataLoss("everything on it goes"),
    replace: dataLoss("everything on it goes, and has to be deployed again"),
    update: [
      on(
        /^version$/,
        interruption("upgrades the control plane, which cannot go back; pods keep running meanwhile"),
      ),
      on(/^(vpcConfig|accessConfig|kubernetesNetworkConfig)\b/, access("changes who reaches its API server")),
      on(/^enabledClusterLogTypes\b/, (_, change) => clusterLogs(change)),
      on(/^upgradePolicy\b/, ({ after }) =>
        after === "STANDARD"
          ? interruption("EKS upgrades it by itself once its version's standard support is over")
          : cost("once its version's standard support is over, it costs several times as much by the hour"),
      ),
      on(/^deletionProtection$/, harmless("changes whether it can be deleted")),
    ],
  },
  "aws:ecr/Repository": {
    noun: "the image repository",
    delete: dataLoss("its images go; ECR refuses while it holds any, unless `forceDelete` is set"),
    update: [on(/^imageTagMutability$/, access("changes whether a tag can be moved"))],
  },
  "aws:ecr/LifecyclePolicy": {
    noun: "the image lifecycle",
    create: dataLoss("images expire by its rules"),
    replace: dataLoss("images expire by other rules"),
    delete: cost("images no longer expire"),
    update: [on(/^policy\b/, dataLoss("images expire by other rules"))],
  },
  "aws:cloudwatch/LogGroup": {
    noun: "the log group",
    delete: dataLoss("its logs go"),
    update: [
      on(/^retentionInDays$/, whenMore(cost("logs are kept longer"), dataLoss("older logs go"), Infinity)),
    ],
  },
  "aws:secretsmanager/Secret": {
    noun: "the secret",
    delete: dataLoss("it can be restored only until its recovery window is over"),
    update: [on(/^policy\b/, access("changes who may read it"))],
  },
  "aws:sqs/Queue": {
    noun: "the queue",
    delete: dataLoss("messages that wait in it are lost"),
    update: [
      on(/^policy\b/, access("changes who may use it")),
      on(
        /^messageRetentionSeconds$/,
        whenMore(harmless("messages are kept longer"), dataLoss("older messages are lost")),
      ),
    ],
  },
  ...each(
    [
      "aws:ebs/Volume",
      "aws:ebs/Snapshot",
      "aws:efs/FileSystem",
      "aws:fsx/LustreFileSystem",
      "aws:rds/Instance",
      "aws:rds/Cluster",
      "aws:dynamodb/Table",
      "aws:elasticache/ReplicationGroup",
      "aws:opensearch/Domain",
      "aws:msk/Cluster",
      "aws:mq/Broker",
      "aws:backup/Vault",
      "aws:s3/BucketObject",
      "aws:s3/BucketObjectv2",
    ],
    { delete: CONTENT_GOES },
  ),
};
