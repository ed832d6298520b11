import type { Field } from "../../model/field";
import { inputRule } from "../../model/input-rule";
import { isOn } from "../../model/instances";

const AWS_MANAGED = /(?:^|:)alias\/aws\//;

interface KeyProperty {
  readonly property: string;
  /** Whether the resource encrypts by KMS at all; that it does is another rule's matter. @throws UnknownRead */
  readonly isUsed?: (fields: Field) => boolean;
}

const named = (property: string): KeyProperty => ({
  property,
  // An empty one is none, which is another rule's matter.
  isUsed: (fields) => fields.get(property).exists() && fields.get(property).string() !== "",
});
const where = (property: string, on: string): KeyProperty => ({
  property,
  isUsed: (fields) => isOn(fields.get(on)),
});

const KEYS: Readonly<Record<string, KeyProperty>> = {
  "aws:ebs/volume:Volume": where("kmsKeyId", "encrypted"),
  "aws:docdb/cluster:Cluster": where("kmsKeyId", "storageEncrypted"),
  "aws:neptune/cluster:Cluster": where("kmsKeyArn", "storageEncrypted"),
  "aws:rds/instance:Instance": where("performanceInsightsKmsKeyId", "performanceInsightsEnabled"),
  "aws:rds/clusterInstance:ClusterInstance": where(
    "performanceInsightsKmsKeyId",
    "performanceInsightsEnabled",
  ),
  "aws:sns/topic:Topic": named("kmsMasterKeyId"),
  "aws:sqs/queue:Queue": named("kmsMasterKeyId"),
};

export const customerManagedKey = inputRule(
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
  (fields, { type }) => {
    const { property, isUsed = () => true } = KEYS[type]!;
    if (!isUsed(fields)) return undefined;
    const key = fields.get(property);
    const name = key.string() ?? "";
    return name === "" || AWS_MANAGED.test(name)
      ? `must name a key of one's own in \`${property}\`${name === "" ? "" : `, not \`${name}\``}.`
      : undefined;
  },
);
