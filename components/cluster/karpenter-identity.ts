import { EventRule } from "@pulumi/aws/cloudwatch/eventRule";
import { EventTarget } from "@pulumi/aws/cloudwatch/eventTarget";
import { PodIdentityAssociation } from "@pulumi/aws/eks/podIdentityAssociation";
import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity";
import { getPartitionOutput } from "@pulumi/aws/getPartition";
import { getRegionOutput } from "@pulumi/aws/getRegion";
import { Role } from "@pulumi/aws/iam/role";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy";
import { Queue } from "@pulumi/aws/sqs/queue";
import { QueuePolicy } from "@pulumi/aws/sqs/queuePolicy";
import * as pulumi from "@pulumi/pulumi";
import { podIdentityTrust } from "../internal/aws-policies";
import { karpenterPermissions } from "../internal/karpenter-permissions";
import type { ClusterReference } from "./serving-cluster";

/** What tells of a node that is about to go: spot interruptions, advice to move, health events, changes of state. */
const INTERRUPTIONS = {
  spot: { source: ["aws.ec2"], "detail-type": ["EC2 Spot Instance Interruption Warning"] },
  rebalance: { source: ["aws.ec2"], "detail-type": ["EC2 Instance Rebalance Recommendation"] },
  state: { source: ["aws.ec2"], "detail-type": ["EC2 Instance State-change Notification"] },
  health: { source: ["aws.health"], "detail-type": ["AWS Health Event"] },
  reservation: {
    source: ["aws.ec2"],
    "detail-type": ["EC2 Capacity Reservation Instance Interruption Warning"],
  },
};

/** Seconds that an event is worth anything. */
const EVENT_RETENTION = 300;

/** What Karpenter's controller is allowed, and the queue by which it learns of interruptions. */
export function createKarpenterIdentity(
  name: string,
  cluster: ClusterReference,
  namespace: string,
  component: pulumi.Resource,
  volumeKeyArns: readonly pulumi.Input<string>[] = [],
): { queueName: pulumi.Output<string>; ready: pulumi.Resource[] } {
  const parent = { parent: component };
  const queue = new Queue(
    `${name}-interruptions`,
    { sqsManagedSseEnabled: true, messageRetentionSeconds: EVENT_RETENTION },
    parent,
  );
  new QueuePolicy(
    `${name}-interruptions-policy`,
    { queueUrl: queue.url, policy: queue.arn.apply(queuePolicy) },
    parent,
  );
  for (const [kind, pattern] of Object.entries(INTERRUPTIONS)) {
    const rule = new EventRule(
      `${name}-${kind}`,
      { description: `Karpenter: ${pattern["detail-type"][0]}`, eventPattern: JSON.stringify(pattern) },
      parent,
    );
    new EventTarget(`${name}-${kind}-target`, { rule: rule.name, arn: queue.arn }, parent);
  }
  const role = new Role(`${name}-role`, { assumeRolePolicy: podIdentityTrust() }, parent);
  const policy = pulumi
    .all([
      cluster.clusterName,
      cluster.nodeRoleArn,
      queue.arn,
      pulumi.all([...volumeKeyArns]),
      getPartitionOutput({}, parent),
      getRegionOutput({}, parent),
      getCallerIdentityOutput({}, parent),
    ])
    .apply(([clusterName, nodeRoleArn, queueArn, keys, { partition }, { region }, { accountId }]) =>
      karpenterPermissions({
        clusterName,
        nodeRoleArn,
        queueArn,
        partition,
        region,
        account: accountId,
        volumeKeyArns: keys,
      }),
    );
  const permissions = new RolePolicy(`${name}-policy`, { role: role.name, policy }, parent);
  const identity = new PodIdentityAssociation(
    `${name}-identity`,
    { clusterName: cluster.clusterName, namespace, serviceAccount: "karpenter", roleArn: role.arn },
    parent,
  );
  return { queueName: queue.name, ready: [permissions, identity] };
}

/** Events may come in, by TLS only. */
function queuePolicy(queueArn: string): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: ["events.amazonaws.com", "sqs.amazonaws.com"] },
        Action: "sqs:SendMessage",
        Resource: queueArn,
      },
      {
        Effect: "Deny",
        Principal: "*",
        Action: "sqs:*",
        Resource: queueArn,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
}
