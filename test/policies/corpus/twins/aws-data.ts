import { from, type TwinData } from "../model";
import { arn, policyText } from "../worlds/aws";
import {
  database,
  databaseCluster,
  kafka,
  redis,
  search,
  stream,
  table,
  trail,
  vault,
} from "../worlds/aws-data";

export const awsData: readonly TwinData[] = [
  ...from("Prowler", [
    [
      "rds_instance_storage_encrypted",
      "a database without encryption",
      database,
      { "database.storageEncrypted": false, "database.kmsKeyId": undefined },
    ],
    [
      "rds_instance_storage_encrypted",
      "nothing said of encryption",
      database,
      { "database.storageEncrypted": undefined, "database.kmsKeyId": undefined },
    ],
    [
      "rds_cluster_storage_encrypted",
      "a cluster of databases without encryption",
      databaseCluster,
      { "cluster.storageEncrypted": undefined, "cluster.kmsKeyId": undefined },
    ],
    [
      "rds_instance_no_public_access",
      "a database on the internet",
      database,
      { "database.publiclyAccessible": true },
    ],
    [
      "rds_instance_transport_encrypted",
      "connections in plain text are taken",
      database,
      { "parameters.parameters.0.value": "0" },
      { names: ["parameters", "database"] },
    ],
    ["rds_instance_backup_enabled", "no backups", database, { "database.backupRetentionPeriod": 0 }],
    [
      "rds_instance_deletion_protection",
      "nothing keeps the database from deletion",
      database,
      { "database.deletionProtection": undefined },
    ],
    [
      "rds_cluster_deletion_protection",
      "nothing keeps the cluster from deletion",
      databaseCluster,
      { "cluster.deletionProtection": false },
    ],
    ["rds_instance_multi_az", "one zone", database, { "database.multiAz": false }],
    [
      "rds_instance_integration_cloudwatch_logs",
      "no logs of the database",
      database,
      { "database.enabledCloudwatchLogsExports": [] },
    ],
    [
      "rds_instance_iam_authentication_enabled",
      "passwords only",
      database,
      { "database.iamDatabaseAuthenticationEnabled": undefined },
    ],
    [
      "rds_instance_default_admin",
      "the name that everyone tries first",
      database,
      { "database.username": "postgres" },
    ],
    [
      "dynamodb_tables_kms_cmk_encryption_enabled",
      "a table under AWS' own key",
      table,
      { "table.serverSideEncryption": undefined },
    ],
    [
      "dynamodb_tables_pitr_enabled",
      "a table that cannot go back in time",
      table,
      { "table.pointInTimeRecovery.enabled": false },
    ],
    [
      "dynamodb_table_deletion_protection_enabled",
      "nothing keeps the table from deletion",
      table,
      { "table.deletionProtectionEnabled": undefined },
    ],
    [
      "kafka_cluster_encryption_at_rest_uses_cmk",
      "messages under AWS' own key",
      kafka,
      { "kafka.encryptionInfo.encryptionAtRestKmsKeyArn": undefined },
    ],
    [
      "kafka_cluster_in_transit_encryption_enabled",
      "plain text beside TLS",
      kafka,
      { "kafka.encryptionInfo.encryptionInTransit.clientBroker": "TLS_PLAINTEXT" },
    ],
    [
      "kafka_cluster_in_transit_encryption_enabled",
      "plain text",
      kafka,
      { "kafka.encryptionInfo.encryptionInTransit.clientBroker": "PLAINTEXT" },
    ],
    [
      "kafka_cluster_in_transit_encryption_enabled",
      "plain text between brokers",
      kafka,
      { "kafka.encryptionInfo.encryptionInTransit.inCluster": false },
    ],
    [
      "kafka_cluster_is_public",
      "brokers on the internet",
      kafka,
      { "kafka.brokerNodeGroupInfo.connectivityInfo.publicAccess.type": "SERVICE_PROVIDED_EIPS" },
    ],
    [
      "kafka_cluster_unrestricted_access_disabled",
      "nobody asks who connects",
      kafka,
      { "kafka.clientAuthentication": { unauthenticated: true } },
    ],
    [
      "kafka_cluster_unrestricted_access_disabled",
      "open to all beside a login",
      kafka,
      { "kafka.clientAuthentication.unauthenticated": true },
      {
        good: {
          "kafka.clientAuthentication": {
            tls: { certificateAuthorityArns: [arn("acm-pca", "certificate-authority/1")] },
          },
        },
      },
    ],
    [
      "elasticache_redis_cluster_in_transit_encryption_enabled",
      "plain text to Redis",
      redis,
      {
        "redis.transitEncryptionEnabled": false,
        "redis.transitEncryptionMode": undefined,
        "redis.authToken": undefined,
      },
      { good: { "redis.authToken": undefined, "redis.userGroupIds": ["shop"] } },
    ],
    [
      "elasticache_redis_cluster_in_transit_encryption_enabled",
      "plain text is preferred no less",
      redis,
      { "redis.transitEncryptionMode": "preferred" },
    ],
    [
      "elasticache_redis_cluster_rest_encryption_enabled",
      "Redis without encryption at rest",
      redis,
      { "redis.engine": "redis", "redis.atRestEncryptionEnabled": undefined, "redis.kmsKeyId": undefined },
    ],
    [
      "elasticache_redis_replication_group_auth_enabled",
      "Redis without a login",
      redis,
      { "redis.authToken": undefined },
      { good: { "redis.authToken": undefined, "redis.userGroupIds": ["shop"] } },
    ],
    [
      "elasticache_redis_cluster_automatic_failover_enabled",
      "no failover",
      redis,
      { "redis.automaticFailoverEnabled": false, "redis.multiAzEnabled": false },
    ],
    [
      "elasticache_redis_cluster_backup_enabled",
      "no snapshots",
      redis,
      { "redis.snapshotRetentionLimit": 0 },
    ],
    [
      "opensearch_service_domains_encryption_at_rest_enabled",
      "an index without encryption",
      search,
      { "search.encryptAtRest": undefined },
    ],
    [
      "opensearch_service_domains_node_to_node_encryption_enabled",
      "plain text between nodes",
      search,
      { "search.nodeToNodeEncryption.enabled": false },
    ],
    [
      "opensearch_service_domains_https_communications_enforced",
      "plain HTTP to the index",
      search,
      { "search.domainEndpointOptions.enforceHttps": false },
    ],
    [
      "opensearch_service_domains_access_control_enabled",
      "no access control of the index",
      search,
      { "search.advancedSecurityOptions": undefined },
    ],
    [
      "opensearch_service_domains_not_publicly_accessible",
      "an index for everyone",
      search,
      {
        "search.vpcOptions": undefined,
        "search.accessPolicies": policyText({
          Effect: "Allow",
          Principal: "*",
          Action: "es:*",
          Resource: "*",
        }),
      },
    ],
    [
      "kinesis_stream_encrypted_at_rest",
      "a stream without encryption",
      stream,
      { "stream.encryptionType": "NONE", "stream.kmsKeyId": undefined },
    ],
    ["cloudtrail_kms_encryption_enabled", "a trail without a key", trail, { "trail.kmsKeyId": undefined }],
    [
      "cloudtrail_log_file_validation_enabled",
      "a trail that could be forged",
      trail,
      { "trail.enableLogFileValidation": undefined },
    ],
    [
      "cloudtrail_multi_region_enabled",
      "a trail of one region",
      trail,
      { "trail.isMultiRegionTrail": false },
    ],
    ["backup_vaults_encrypted", "backups under AWS' own key", vault, { "vault.kmsKeyArn": undefined }],
  ]),
  ...from("Checkov", [
    ["CKV_AWS_251", "a trail that is off", trail, { "trail.enableLogging": false }],
    ["CKV_AWS_80", "no logs of the brokers", kafka, { "kafka.loggingInfo": undefined }],
    [
      "CKV_AWS_228",
      "an old version of TLS to the index",
      search,
      { "search.domainEndpointOptions.tlsSecurityPolicy": "Policy-Min-TLS-1-0-2019-07" },
    ],
    [
      "CKV_AWS_317",
      "no audit log of the index",
      search,
      {
        "search.logPublishingOptions": [
          { logType: "INDEX_SLOW_LOGS", cloudwatchLogGroupArn: arn("logs", "log-group:/search:*") },
        ],
      },
    ],
    [
      "CKV_AWS_211",
      "an authority for certificates that is no more",
      database,
      { "database.caCertIdentifier": "rds-ca-2015" },
    ],
  ]),
];
