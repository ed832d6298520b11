import type { Edit } from "./edits";
import { put } from "./edits";

type Properties = Readonly<Record<string, unknown>>;

interface Example {
  readonly type: string;
  readonly props: Properties;
}

const KEY = "arn:aws:kms:eu-central-1:111122223333:key/0f3e5c9a-0000-4000-8000-000000000000";
const GROUP = "arn:aws:logs:eu-central-1:111122223333:log-group:/serving";
const metadataOptions = { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 };

/** Resources of which no rule of the pack has anything to say. Each is put into a world by `example`, with what a case is about. */
const EXAMPLES = {
  database: {
    type: "aws:rds/instance:Instance",
    props: {
      instanceClass: "db.m7g.large",
      engine: "postgres",
      storageEncrypted: true,
      kmsKeyId: KEY,
      publiclyAccessible: false,
      deletionProtection: true,
      backupRetentionPeriod: 14,
      multiAz: true,
      skipFinalSnapshot: false,
      enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
      iamDatabaseAuthenticationEnabled: true,
      username: "owner",
      manageMasterUserPassword: true,
    },
  },
  databaseCluster: {
    type: "aws:rds/cluster:Cluster",
    props: {
      engine: "aurora-postgresql",
      storageEncrypted: true,
      kmsKeyId: KEY,
      deletionProtection: true,
      backupRetentionPeriod: 14,
      skipFinalSnapshot: false,
      enabledCloudwatchLogsExports: ["postgresql"],
      iamDatabaseAuthenticationEnabled: true,
      masterUsername: "owner",
      manageMasterUserPassword: true,
    },
  },
  documentCluster: {
    type: "aws:docdb/cluster:Cluster",
    props: {
      storageEncrypted: true,
      kmsKeyId: KEY,
      deletionProtection: true,
      backupRetentionPeriod: 14,
      skipFinalSnapshot: false,
      enabledCloudwatchLogsExports: ["audit"],
    },
  },
  graphCluster: {
    type: "aws:neptune/cluster:Cluster",
    props: {
      storageEncrypted: true,
      kmsKeyArn: KEY,
      deletionProtection: true,
      backupRetentionPeriod: 14,
      skipFinalSnapshot: false,
      enableCloudwatchLogsExports: ["audit"],
    },
  },
  warehouse: {
    type: "aws:redshift/cluster:Cluster",
    props: {
      clusterIdentifier: "warehouse",
      nodeType: "ra3.large",
      clusterSubnetGroupName: "private",
      encrypted: "true",
      kmsKeyId: KEY,
      publiclyAccessible: false,
      skipFinalSnapshot: false,
      automatedSnapshotRetentionPeriod: 14,
    },
  },
  search: {
    type: "aws:opensearch/domain:Domain",
    props: {
      engineVersion: "OpenSearch_2.19",
      vpcOptions: { subnetIds: ["subnet-1"] },
      encryptAtRest: { enabled: true, kmsKeyId: KEY },
      nodeToNodeEncryption: { enabled: true },
      domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10" },
      advancedSecurityOptions: { enabled: true },
      logPublishingOptions: [{ logType: "AUDIT_LOGS", cloudwatchLogGroupArn: GROUP }],
    },
  },
  kafka: {
    type: "aws:msk/cluster:Cluster",
    props: {
      kafkaVersion: "3.9.0",
      numberOfBrokerNodes: 3,
      brokerNodeGroupInfo: {
        instanceType: "kafka.m7g.large",
        clientSubnets: ["subnet-1"],
        securityGroups: ["sg-1"],
      },
      encryptionInfo: {
        encryptionAtRestKmsKeyArn: KEY,
        encryptionInTransit: { clientBroker: "TLS", inCluster: true },
      },
      clientAuthentication: { sasl: { iam: true }, unauthenticated: false },
      loggingInfo: { brokerLogs: { cloudwatchLogs: { enabled: true, logGroup: "/serving" } } },
    },
  },
  broker: {
    type: "aws:mq/broker:Broker",
    props: {
      brokerName: "jobs",
      engineType: "RabbitMQ",
      publiclyAccessible: false,
      encryptionOptions: { useAwsOwnedKey: false, kmsKeyId: KEY },
      logs: { general: true },
    },
  },
  redis: {
    type: "aws:elasticache/replicationGroup:ReplicationGroup",
    props: {
      description: "cache",
      engine: "redis",
      atRestEncryptionEnabled: true,
      kmsKeyId: KEY,
      transitEncryptionEnabled: true,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      snapshotRetentionLimit: 7,
      userGroupIds: ["app"],
    },
  },
  table: {
    type: "aws:dynamodb/table:Table",
    props: {
      hashKey: "id",
      serverSideEncryption: { enabled: true, kmsKeyArn: KEY },
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: true,
    },
  },
  loadBalancer: {
    type: "aws:lb/loadBalancer:LoadBalancer",
    props: {
      loadBalancerType: "application",
      internal: true,
      subnets: ["subnet-1", "subnet-2"],
      securityGroups: ["sg-1"],
      dropInvalidHeaderFields: true,
      enableDeletionProtection: true,
      accessLogs: { bucket: "logs", enabled: true },
    },
  },
  classicLoadBalancer: {
    type: "aws:elb/loadBalancer:LoadBalancer",
    props: {
      internal: true,
      securityGroups: ["sg-1"],
      desyncMitigationMode: "defensive",
      accessLogs: { bucket: "logs", enabled: true },
      listeners: [
        {
          lbPort: 443,
          lbProtocol: "https",
          instancePort: 8443,
          instanceProtocol: "https",
          sslCertificateId: "arn:aws:acm:eu-central-1:111122223333:certificate/1",
        },
      ],
    },
  },
  trail: {
    type: "aws:cloudtrail/trail:Trail",
    props: {
      s3BucketName: "trail",
      isMultiRegionTrail: true,
      enableLogFileValidation: true,
      kmsKeyId: KEY,
      cloudWatchLogsGroupArn: `${GROUP}:*`,
      eventSelectors: [{ dataResources: [{ type: "AWS::S3::Object", values: ["arn:aws:s3"] }] }],
    },
  },
  distribution: {
    type: "aws:cloudfront/distribution:Distribution",
    props: {
      enabled: true,
      origins: [{ originId: "s3", domainName: "models.s3.eu-central-1.amazonaws.com" }],
      defaultCacheBehavior: { targetOriginId: "s3", viewerProtocolPolicy: "redirect-to-https" },
      viewerCertificate: {
        acmCertificateArn: "arn:aws:acm:us-east-1:111122223333:certificate/1",
        minimumProtocolVersion: "TLSv1.2_2021",
        sslSupportMethod: "sni-only",
      },
      loggingConfig: { bucket: "logs.s3.amazonaws.com" },
      webAclId: "arn:aws:wafv2:us-east-1:111122223333:global/webacl/edge/1",
    },
  },
  instance: {
    type: "aws:ec2/instance:Instance",
    props: {
      ami: "ami-1",
      instanceType: "m7g.large",
      associatePublicIpAddress: false,
      rootBlockDevice: { encrypted: true, kmsKeyId: KEY },
      metadataOptions,
    },
  },
  launchConfiguration: {
    type: "aws:ec2/launchConfiguration:LaunchConfiguration",
    props: {
      imageId: "ami-1",
      instanceType: "m7g.large",
      associatePublicIpAddress: false,
      rootBlockDevice: { encrypted: true },
      metadataOptions,
    },
  },
  role: {
    type: "aws:iam/role:Role",
    props: {
      assumeRolePolicy: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Principal: { Service: "pods.eks.amazonaws.com" },
            Action: ["sts:AssumeRole", "sts:TagSession"],
          },
        ],
      },
    },
  },
  restStage: {
    type: "aws:apigateway/stage:Stage",
    props: {
      arn: "arn:aws:apigateway:eu-central-1::/restapis/1/stages/v1",
      stageName: "v1",
      accessLogSettings: { destinationArn: GROUP, format: "$context.requestId" },
    },
  },
} as const satisfies Readonly<Record<string, Example>>;

export type ExampleName = keyof typeof EXAMPLES;

/** Puts an example into the world, under its own name; what is given replaces the example's, and `undefined` takes it away. */
export function example(name: ExampleName, changes: Properties = {}): Edit {
  const { type, props } = EXAMPLES[name];
  const changed = Object.entries({ ...props, ...changes }).filter(([, value]) => value !== undefined);
  return put(name, type, Object.fromEntries(changed));
}
