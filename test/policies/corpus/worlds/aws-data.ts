import type { World } from "../model";
import { arn, aws, KEY } from "./aws";

const SUBNETS = ["subnet-a", "subnet-b", "subnet-c"];

export const database = (): World => ({
  resources: {
    database: aws("rds/instance:Instance", {
      identifier: "shop",
      engine: "postgres",
      engineVersion: "16.4",
      instanceClass: "db.m6g.large",
      allocatedStorage: 20,
      username: "shop_owner",
      manageMasterUserPassword: true,
      storageEncrypted: true,
      kmsKeyId: KEY,
      publiclyAccessible: false,
      multiAz: true,
      backupRetentionPeriod: 14,
      deletionProtection: true,
      skipFinalSnapshot: false,
      finalSnapshotIdentifier: "shop-last",
      copyTagsToSnapshot: true,
      autoMinorVersionUpgrade: true,
      iamDatabaseAuthenticationEnabled: true,
      enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
      monitoringInterval: 60,
      monitoringRoleArn: "arn:aws:iam::111122223333:role/monitoring",
      performanceInsightsEnabled: true,
      performanceInsightsKmsKeyId: KEY,
      caCertIdentifier: "rds-ca-rsa2048-g1",
      parameterGroupName: "shop",
    }),
    parameters: aws("rds/parameterGroup:ParameterGroup", {
      name: "shop",
      family: "postgres16",
      parameters: [
        { name: "rds.force_ssl", value: "1" },
        { name: "log_statement", value: "ddl" },
        { name: "log_min_duration_statement", value: "1000" },
      ],
    }),
  },
});

export const databaseCluster = (): World => ({
  resources: {
    cluster: aws("rds/cluster:Cluster", {
      clusterIdentifier: "shop",
      engine: "aurora-postgresql",
      engineVersion: "16.4",
      masterUsername: "shop_owner",
      manageMasterUserPassword: true,
      storageEncrypted: true,
      kmsKeyId: KEY,
      deletionProtection: true,
      backupRetentionPeriod: 14,
      copyTagsToSnapshot: true,
      skipFinalSnapshot: false,
      finalSnapshotIdentifier: "shop-last",
      iamDatabaseAuthenticationEnabled: true,
      enabledCloudwatchLogsExports: ["postgresql"],
      availabilityZones: ["eu-west-1a", "eu-west-1b", "eu-west-1c"],
    }),
  },
});

export const table = (): World => ({
  resources: {
    table: aws("dynamodb/table:Table", {
      name: "orders",
      billingMode: "PAY_PER_REQUEST",
      hashKey: "id",
      attributes: [{ name: "id", type: "S" }],
      serverSideEncryption: { enabled: true, kmsKeyArn: KEY },
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: true,
    }),
  },
});

export const kafka = (): World => ({
  resources: {
    kafka: aws("msk/cluster:Cluster", {
      clusterName: "events",
      kafkaVersion: "3.8.x",
      numberOfBrokerNodes: 3,
      enhancedMonitoring: "PER_BROKER",
      brokerNodeGroupInfo: {
        instanceType: "kafka.m7g.large",
        clientSubnets: SUBNETS,
        securityGroups: ["sg-1"],
        connectivityInfo: { publicAccess: { type: "DISABLED" } },
      },
      encryptionInfo: {
        encryptionAtRestKmsKeyArn: KEY,
        encryptionInTransit: { clientBroker: "TLS", inCluster: true },
      },
      clientAuthentication: { sasl: { iam: true }, unauthenticated: false },
      loggingInfo: { brokerLogs: { cloudwatchLogs: { enabled: true, logGroup: "/msk/events" } } },
    }),
  },
});

export const redis = (): World => ({
  resources: {
    redis: aws("elasticache/replicationGroup:ReplicationGroup", {
      replicationGroupId: "sessions",
      description: "sessions",
      engine: "valkey",
      atRestEncryptionEnabled: true,
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
      kmsKeyId: KEY,
      authToken: "(from the secret store)",
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      numCacheClusters: 2,
      snapshotRetentionLimit: 7,
      subnetGroupName: "private",
      autoMinorVersionUpgrade: true,
    }),
  },
});

export const search = (): World => ({
  resources: {
    search: aws("opensearch/domain:Domain", {
      domainName: "logs",
      engineVersion: "OpenSearch_2.17",
      encryptAtRest: { enabled: true, kmsKeyId: KEY },
      nodeToNodeEncryption: { enabled: true },
      domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10" },
      advancedSecurityOptions: {
        enabled: true,
        internalUserDatabaseEnabled: false,
        masterUserOptions: { masterUserArn: "arn:aws:iam::111122223333:role/search" },
      },
      vpcOptions: { subnetIds: SUBNETS, securityGroupIds: ["sg-1"] },
      clusterConfig: {
        instanceCount: 3,
        dedicatedMasterEnabled: true,
        dedicatedMasterCount: 3,
        zoneAwarenessEnabled: true,
        zoneAwarenessConfig: { availabilityZoneCount: 3 },
      },
      logPublishingOptions: [
        { logType: "AUDIT_LOGS", cloudwatchLogGroupArn: arn("logs", "log-group:/search:*") },
        { logType: "INDEX_SLOW_LOGS", cloudwatchLogGroupArn: arn("logs", "log-group:/search:*") },
      ],
    }),
  },
});

export const stream = (): World => ({
  resources: {
    stream: aws("kinesis/stream:Stream", {
      name: "clicks",
      shardCount: 2,
      encryptionType: "KMS",
      kmsKeyId: KEY,
      retentionPeriod: 168,
    }),
  },
});

export const trail = (): World => ({
  resources: {
    trail: aws("cloudtrail/trail:Trail", {
      name: "all",
      s3BucketName: "trail",
      kmsKeyId: KEY,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      enableLogging: true,
      cloudWatchLogsGroupArn: arn("logs", "log-group:/trail:*"),
      cloudWatchLogsRoleArn: "arn:aws:iam::111122223333:role/trail",
      snsTopicName: "trail",
      eventSelectors: [
        {
          readWriteType: "All",
          includeManagementEvents: true,
          dataResources: [{ type: "AWS::S3::Object", values: ["arn:aws:s3"] }],
        },
      ],
    }),
  },
});

export const vault = (): World => ({
  resources: { vault: aws("backup/vault:Vault", { name: "all", kmsKeyArn: KEY }) },
});
