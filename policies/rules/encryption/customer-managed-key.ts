import { isMadeOfAnother } from "../../model/database-sources";
import type { Field } from "../../model/field";
import { eachRule } from "../../model/input-rule";
import { isOn } from "../../model/instances";

const AWS_MANAGED = /(?:^|:)alias\/aws\//;

interface KeyProperty {
  readonly property: string;
  /** Whether the resource encrypts by KMS at all; that it does is another rule's matter. @throws UnknownRead */
  readonly isUsed?: (fields: Field) => boolean;
}

// An empty one is none.
const isNamed = (fields: Field, property: string): boolean =>
  fields.get(property).exists() && fields.get(property).string() !== "";

/** A key that is not named is another rule's matter, or the source's key. */
const named = (property: string): KeyProperty => ({
  property,
  isUsed: (fields) => isNamed(fields, property),
});
const where = (property: string, on: string): KeyProperty => ({
  property,
  isUsed: (fields) => isOn(fields.get(on)),
});
/** A replica or a copy has its source's key where it names none. */
const storage = (property: string): KeyProperty => ({
  property,
  isUsed: (database) =>
    isOn(database.get("storageEncrypted")) && (isNamed(database, property) || !isMadeOfAnother(database)),
});
const insights = where("performanceInsightsKmsKeyId", "performanceInsightsEnabled");

const KEYS: Readonly<Record<string, readonly KeyProperty[]>> = {
  "aws:ebs/volume:Volume": [where("kmsKeyId", "encrypted")],
  "aws:docdb/cluster:Cluster": [storage("kmsKeyId")],
  "aws:docdb/elasticCluster:ElasticCluster": [{ property: "kmsKeyId" }],
  "aws:neptune/cluster:Cluster": [storage("kmsKeyArn")],
  "aws:rds/cluster:Cluster": [storage("kmsKeyId"), insights],
  "aws:rds/instance:Instance": [storage("kmsKeyId"), insights],
  "aws:rds/clusterInstance:ClusterInstance": [insights],
  "aws:rds/snapshotCopy:SnapshotCopy": [named("kmsKeyId")],
  "aws:rds/clusterSnapshotCopy:ClusterSnapshotCopy": [named("kmsKeyId")],
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication": [named("kmsKeyId")],
  "aws:rds/exportTask:ExportTask": [named("kmsKeyId")],
  "aws:sns/topic:Topic": [named("kmsMasterKeyId")],
  "aws:sqs/queue:Queue": [named("kmsMasterKeyId")],
};

export const customerManagedKey = eachRule(
  {
    id: "customer-managed-key",
    title: "Data lies under keys of one's own",
    severity: "low",
    description:
      "Under AWS-managed keys nobody can say who may decrypt, nor take it away; under a key of one's own its policy does, and CloudTrail shows each use.",
    remediation: "kmsKeyId: key.arn // kmsKeyArn, kmsMasterKeyId, performanceInsightsKmsKeyId",
    types: Object.keys(KEYS),
    controls: [],
  },
  (fields, { type }) => KEYS[type]!.map((key) => ({ ...key, fields })),
  ({ property, isUsed = () => true, fields }) => {
    if (!isUsed(fields)) return undefined;
    const key = fields.get(property);
    const name = key.string() ?? "";
    return name === "" || AWS_MANAGED.test(name)
      ? `must name a key of one's own in \`${property}\`${name === "" ? "" : `, not \`${name}\``}.`
      : undefined;
  },
);
