import { from, type TwinData } from "../corpus/model";
import { group, instance } from "../corpus/worlds/aws-compute";
import { database, trail } from "../corpus/worlds/aws-data";
import { balancer, distribution } from "../corpus/worlds/aws-edge";
import { passwords } from "../corpus/worlds/aws-iam";
import { bucket, queue, topic, volume } from "../corpus/worlds/aws-storage";
import {
  accelerator,
  aggregator,
  athena,
  athenaDatabase,
  broker,
  build,
  containerCluster,
  containers,
  desktop,
  documents,
  emr,
  emrConfiguration,
  graph,
  machine,
  nodes,
  task,
  warehouse,
} from "./worlds";

const DATA = {
  readWriteType: "All",
  includeManagementEvents: true,
  dataResources: [{ type: "AWS::S3::Object", values: ["arn:aws:s3"] }],
};
const password = [{ name: "DB_PASSWORD", value: "hunter2-prod" }];

export const outsideAws: readonly TwinData[] = [
  ...from("Kubescape", [
    [
      "C-0226 Prefer using a container-optimized OS",
      "nodes of a general Linux",
      nodes,
      { "nodes.amiType": "AL2_x86_64_GPU" },
    ],
  ]),
  ...from("Trivy", [
    [
      "AWS-0006 athena/enable_at_rest_encryption",
      "a database without encryption",
      athenaDatabase,
      { "database.encryptionConfiguration": undefined },
    ],
    [
      "AWS-0007 athena/no_encryption_override",
      "clients may turn encryption off",
      athena,
      { "workgroup.configuration.enforceWorkgroupConfiguration": false },
    ],
    [
      "AWS-0011 cloudfront/enable_waf",
      "no firewall before a distribution",
      distribution,
      { "cdn.webAclId": undefined },
    ],
    [
      "AWS-0162 cloudtrail/ensure_cloudwatch_integration",
      "a trail that nobody can be alarmed by",
      trail,
      { "trail.cloudWatchLogsGroupArn": undefined },
    ],
    [
      "AWS-0018 codebuild/enable_encryption",
      "artifacts without encryption",
      build,
      { "build.artifacts.encryptionDisabled": true },
    ],
    [
      "AWS-0019 config/aggregate_all_regions",
      "an aggregator of one region",
      aggregator,
      { "aggregator.accountAggregationSource": { accountIds: ["111122223333"], regions: ["eu-west-1"] } },
    ],
    [
      "AWS-0020 documentdb/enable_log_export",
      "no audit log of documents",
      documents,
      { "cluster.enabledCloudwatchLogsExports": undefined },
    ],
    [
      "AWS-0021 documentdb/enable_storage_encryption",
      "documents without encryption",
      documents,
      { "cluster.storageEncrypted": false },
    ],
    [
      "AWS-0022 documentdb/encryption_customer_key",
      "documents under AWS' own key",
      documents,
      { "cluster.kmsKeyId": undefined },
    ],
    [
      "AWS-0099 ec2/add_description_to_security_group",
      "a group that says nothing of its purpose",
      group,
      { "group.description": undefined },
    ],
    [
      "AWS-0027 ec2/encryption_customer_key",
      "a volume under AWS' own key",
      volume,
      { "volume.kmsKeyId": undefined },
    ],
    [
      "AWS-0029 ec2/no_secrets_in_user_data",
      "a key of AWS in what an instance starts with",
      instance,
      { "instance.userData": "#!/bin/sh\nexport AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\n" },
      { good: { "instance.userData": "#!/bin/sh\nexport REGION=eu-west-1\n" } },
    ],
    [
      "AWS-0034 ecs/enable_container_insight",
      "a cluster of containers that measures nothing",
      containerCluster,
      { "cluster.settings": [{ name: "containerInsights", value: "disabled" }] },
    ],
    [
      "AWS-0035 ecs/enable_in_transit_encryption",
      "a task's files in plain text on the network",
      task,
      { "task.volumes.0.efsVolumeConfiguration.transitEncryption": "DISABLED" },
    ],
    [
      "AWS-0036 ecs/no_plaintext_secrets",
      "a password in a task",
      task,
      { "task.containerDefinitions": containers(password) },
    ],
    [
      "AWS-0053 elb/alb_not_public",
      "a load balancer on the internet",
      balancer,
      { "balancer.internal": false },
    ],
    [
      "AWS-0137 emr/enable_at_rest_encryption",
      "a cluster of EMR without encryption",
      emr,
      { "configuration.configuration": emrConfiguration(false) },
    ],
    [
      "AWS-0061 iam/require_symbols_in_passwords",
      "passwords of letters only",
      passwords,
      { "passwords.requireSymbols": false },
    ],
    [
      "AWS-0062 iam/set_max_password_age",
      "passwords that never end",
      passwords,
      { "passwords.maxPasswordAge": undefined },
    ],
    ["AWS-0070 mq/enable_audit_logging", "no audit log of a broker", broker, { "broker.logs.audit": false }],
    [
      "AWS-0072 mq/no_public_access",
      "a broker on the internet",
      broker,
      { "broker.publiclyAccessible": true },
    ],
    [
      "AWS-0075 neptune/enable_log_export",
      "no audit log of a graph",
      graph,
      { "cluster.enableCloudwatchLogsExports": undefined },
    ],
    [
      "AWS-0076 neptune/enable_storage_encryption",
      "a graph without encryption",
      graph,
      { "cluster.storageEncrypted": false },
    ],
    [
      "AWS-0128 neptune/encryption_customer_key",
      "a graph under AWS' own key",
      graph,
      { "cluster.kmsKeyArn": undefined },
    ],
    [
      "AWS-0078 rds/performance_insights_encryption_customer_key",
      "queries under AWS' own key",
      database,
      { "database.performanceInsightsKmsKeyId": undefined },
    ],
    [
      "AWS-0084 redshift/encryption_customer_key",
      "a warehouse without encryption",
      warehouse,
      { "cluster.encrypted": false, "cluster.kmsKeyId": undefined },
    ],
    [
      "AWS-0127 redshift/use_vpc",
      "a warehouse in the network of old",
      warehouse,
      { "cluster.clusterSubnetGroupName": undefined },
    ],
    [
      "AWS-0320 s3/dns_compliant_name",
      "dots in a bucket's name",
      bucket,
      {
        "bucket.bucket": "models.shop",
        "block.bucket": "models.shop",
        "encryption.bucket": "models.shop",
        "versioning.bucket": "models.shop",
        "policy.bucket": "models.shop",
        "logging.bucket": "models.shop",
        "ownership.bucket": "models.shop",
      },
      { names: ["bucket"] },
    ],
    [
      "AWS-0171 s3/enable_object_write_logging",
      "no trail of what happens to objects",
      trail,
      { "trail.eventSelectors": [{ readWriteType: "All", includeManagementEvents: true }] },
      { good: { "trail.eventSelectors": [DATA] } },
    ],
    [
      "AWS-0119 sam/enable_state_machine_logging",
      "a state machine without a log",
      machine,
      { "machine.loggingConfiguration": undefined },
    ],
    [
      "AWS-0136 sns/topic_encryption_with_cmk",
      "a topic under AWS' own key",
      topic,
      { "topic.kmsMasterKeyId": "alias/aws/sns" },
    ],
    [
      "AWS-0135 sqs/queue_encryption_with_cmk",
      "a queue under AWS' own key",
      queue,
      { "queue.kmsMasterKeyId": "alias/aws/sqs" },
    ],
    [
      "AWS-0109 workspaces/enable_disk_encryption",
      "a desktop without encryption",
      desktop,
      { "desktop.userVolumeEncryptionEnabled": false },
    ],
    [
      "AWS-0081 dynamodb/enable_at_rest_encryption",
      "a cache of tables without encryption",
      accelerator,
      { "dax.serverSideEncryption.enabled": false },
    ],
  ]),
];
