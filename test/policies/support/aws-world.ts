import type { PlainResource } from "../../../policies/testing";
import type { World } from "./world";

const ACCOUNT = "111122223333";
const ARN = `arn:aws:kms:eu-central-1:${ACCOUNT}:key/0f3e5c9a-0000-4000-8000-000000000000`;

/** A resource policy that refuses what does not come over TLS, as the services' own documentation writes it. */
export function denyPlainHttp(action: string, ...resources: string[]): Record<string, unknown> {
  return {
    Sid: "DenyPlainHttp",
    Effect: "Deny",
    Principal: "*",
    Action: action,
    Resource: resources,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

export function policyDocument(...statements: Record<string, unknown>[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** AWS resources by role, in which every rule of the pack holds; new at each call. Others are put beside them by tests. */
export function awsWorld(): World {
  const queueArn = `arn:aws:sqs:eu-central-1:${ACCOUNT}:jobs`;
  const topicArn = `arn:aws:sns:eu-central-1:${ACCOUNT}:news`;
  const world: Record<string, Omit<PlainResource, "name">> = {
    key: {
      type: "aws:kms/key:Key",
      props: {
        description: "data",
        enableKeyRotation: true,
        deletionWindowInDays: 30,
        policy: policyDocument({
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
          Action: "kms:*",
          Resource: "*",
        }),
      },
    },
    volume: {
      type: "aws:ebs/volume:Volume",
      props: { availabilityZone: "eu-central-1a", size: 10, encrypted: true, kmsKeyId: ARN },
    },
    launchTemplate: {
      type: "aws:ec2/launchTemplate:LaunchTemplate",
      props: {
        blockDeviceMappings: [
          { deviceName: "/dev/xvda", ebs: { volumeSize: 20, encrypted: "true" } },
          { deviceName: "/dev/xvdb", ebs: { volumeSize: 80, encrypted: "true" } },
        ],
        metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      },
    },
    bucket: { type: "aws:s3/bucket:Bucket", props: { bucket: "models" } },
    bucketEncryption: {
      type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      props: {
        bucket: "models",
        rules: [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: ARN },
            bucketKeyEnabled: true,
          },
        ],
      },
    },
    bucketPolicy: {
      type: "aws:s3/bucketPolicy:BucketPolicy",
      props: {
        bucket: "models",
        policy: policyDocument(denyPlainHttp("s3:*", "arn:aws:s3:::models", "arn:aws:s3:::models/*")),
      },
    },
    bucketAccess: {
      type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
      props: {
        bucket: "models",
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
    },
    bucketVersions: {
      type: "aws:s3/bucketVersioning:BucketVersioning",
      props: { bucket: "models", versioningConfiguration: { status: "Enabled" } },
    },
    bucketLogs: {
      type: "aws:s3/bucketLogging:BucketLogging",
      props: { bucket: "models", targetBucket: "logs", targetPrefix: "models/" },
    },
    // For the stage of aws-resources.ts.
    stageAcl: {
      type: "aws:wafv2/webAclAssociation:WebAclAssociation",
      props: {
        resourceArn: "arn:aws:apigateway:eu-central-1::/restapis/1/stages/v1",
        webAclArn: `arn:aws:wafv2:eu-central-1:${ACCOUNT}:regional/webacl/edge/1`,
      },
    },
    queue: {
      type: "aws:sqs/queue:Queue",
      props: {
        name: "jobs",
        arn: queueArn,
        url: `https://sqs.eu-central-1.amazonaws.com/${ACCOUNT}/jobs`,
        sqsManagedSseEnabled: true,
      },
    },
    queuePolicy: {
      type: "aws:sqs/queuePolicy:QueuePolicy",
      props: {
        queueUrl: `https://sqs.eu-central-1.amazonaws.com/${ACCOUNT}/jobs`,
        policy: policyDocument(denyPlainHttp("sqs:*", queueArn)),
      },
    },
    topic: {
      type: "aws:sns/topic:Topic",
      props: { name: "news", arn: topicArn, kmsMasterKeyId: ARN },
    },
    topicPolicy: {
      type: "aws:sns/topicPolicy:TopicPolicy",
      props: { arn: topicArn, policy: policyDocument(denyPlainHttp("sns:Publish", topicArn)) },
    },
    cluster: {
      type: "aws:eks/cluster:Cluster",
      props: {
        name: "serving",
        encryptionConfig: { provider: { keyArn: ARN }, resources: ["secrets"] },
        enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
        vpcConfig: { endpointPrivateAccess: true, endpointPublicAccess: false, subnetIds: ["subnet-1"] },
        accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
        deletionProtection: true,
      },
    },
    repository: {
      type: "aws:ecr/repository:Repository",
      props: {
        name: "runtime",
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: ARN }],
      },
    },
    lifecycle: {
      type: "aws:ecr/lifecyclePolicy:LifecyclePolicy",
      props: { repository: "runtime", policy: '{"rules":[]}' },
    },
    logGroup: {
      type: "aws:cloudwatch/logGroup:LogGroup",
      props: { name: "/serving", kmsKeyId: ARN, retentionInDays: 365 },
    },
    storageClass: {
      type: "kubernetes:storage.k8s.io/v1:StorageClass",
      props: {
        metadata: { name: "encrypted" },
        provisioner: "ebs.csi.aws.com",
        parameters: { type: "gp3", encrypted: "true" },
      },
    },
  };
  return Object.fromEntries(
    Object.entries(world).map(([name, resource]) => [name, structuredClone({ ...resource, name })]),
  );
}
