import { advisory, type CatalogEntry, mandatory } from "./entry";
import { amiEncryption } from "../rules/encryption/ami-encryption";
import { apiGatewayBackendTls } from "../rules/encryption/api-gateway-backend-tls";
import { apiGatewayCacheEncryption } from "../rules/encryption/api-gateway-cache-encryption";
import { apiGatewayDomainTls } from "../rules/encryption/api-gateway-domain-tls";
import { athenaWorkgroupEncryption } from "../rules/encryption/athena-workgroup-encryption";
import { backupVaultKmsEncryption } from "../rules/encryption/backup-vault-kms-encryption";
import { certificateKeyAlgorithm } from "../rules/encryption/certificate-key-algorithm";
import { classicLoadBalancerHttps } from "../rules/encryption/classic-load-balancer-https";
import { classicLoadBalancerTlsPolicy } from "../rules/encryption/classic-load-balancer-tls-policy";
import { cloudfrontMinimumTlsVersion } from "../rules/encryption/cloudfront-minimum-tls-version";
import { cloudfrontOriginTls } from "../rules/encryption/cloudfront-origin-tls";
import { cloudfrontViewerHttps } from "../rules/encryption/cloudfront-viewer-https";
import { cloudtrailKmsEncryption } from "../rules/encryption/cloudtrail-kms-encryption";
import { databaseRequiresTls } from "../rules/encryption/database-requires-tls";
import { daxEncryption } from "../rules/encryption/dax-encryption";
import { daxTransitEncryption } from "../rules/encryption/dax-transit-encryption";
import { dmsEndpointTls } from "../rules/encryption/dms-endpoint-tls";
import { dynamodbKmsEncryption } from "../rules/encryption/dynamodb-kms-encryption";
import { ebsEncryptionByDefault } from "../rules/encryption/ebs-encryption-by-default";
import { ebsVolumeEncryption } from "../rules/encryption/ebs-volume-encryption";
import { ecrKmsEncryption } from "../rules/encryption/ecr-kms-encryption";
import { efsEncryption } from "../rules/encryption/efs-encryption";
import { efsPolicySecureTransport } from "../rules/encryption/efs-policy-secure-transport";
import { efsTransitEncryption } from "../rules/encryption/efs-transit-encryption";
import { eksSecretsEncryption } from "../rules/encryption/eks-secrets-encryption";
import { elasticacheAtRestEncryption } from "../rules/encryption/elasticache-at-rest-encryption";
import { elasticacheTransitEncryption } from "../rules/encryption/elasticache-transit-encryption";
import { firehoseEncryption } from "../rules/encryption/firehose-encryption";
import { fsxKmsEncryption } from "../rules/encryption/fsx-kms-encryption";
import { instanceVolumeEncryption } from "../rules/encryption/instance-volume-encryption";
import { kinesisStreamEncryption } from "../rules/encryption/kinesis-stream-encryption";
import { kmsKeyDeletionWindow } from "../rules/encryption/kms-key-deletion-window";
import { kmsKeyPolicyOpen } from "../rules/encryption/kms-key-policy-open";
import { kmsKeyRotation } from "../rules/encryption/kms-key-rotation";
import { lambdaEnvironmentEncryption } from "../rules/encryption/lambda-environment-encryption";
import { launchTemplateEncryption } from "../rules/encryption/launch-template-encryption";
import { loadBalancerAnnotationTlsPolicy } from "../rules/encryption/load-balancer-annotation-tls-policy";
import { loadBalancerListenerHttps } from "../rules/encryption/load-balancer-listener-https";
import { loadBalancerRuleHttps } from "../rules/encryption/load-balancer-rule-https";
import { loadBalancerTlsPolicy } from "../rules/encryption/load-balancer-tls-policy";
import { logGroupKmsEncryption } from "../rules/encryption/log-group-kms-encryption";
import { memorydbTransitEncryption } from "../rules/encryption/memorydb-transit-encryption";
import { mqBrokerPublic } from "../rules/encryption/mq-broker-public";
import { mskAtRestKey } from "../rules/encryption/msk-at-rest-key";
import { mskBrokerEncryption } from "../rules/encryption/msk-broker-encryption";
import { mskClientEncryption } from "../rules/encryption/msk-client-encryption";
import { mskConnectorEncryption } from "../rules/encryption/msk-connector-encryption";
import { opensearchAtRestEncryption } from "../rules/encryption/opensearch-at-rest-encryption";
import { opensearchHttps } from "../rules/encryption/opensearch-https";
import { opensearchNodeEncryption } from "../rules/encryption/opensearch-node-encryption";
import { opensearchTlsVersion } from "../rules/encryption/opensearch-tls-version";
import { rdsProxyTls } from "../rules/encryption/rds-proxy-tls";
import { rdsStorageEncryption } from "../rules/encryption/rds-storage-encryption";
import { redshiftEncryption } from "../rules/encryption/redshift-encryption";
import { rootVolumeEncryption } from "../rules/encryption/root-volume-encryption";
import { s3BucketEncryption } from "../rules/encryption/s3-bucket-encryption";
import { s3BucketKmsEncryption } from "../rules/encryption/s3-bucket-kms-encryption";
import { s3BucketSecureTransport } from "../rules/encryption/s3-bucket-secure-transport";
import { sagemakerKmsEncryption } from "../rules/encryption/sagemaker-kms-encryption";
import { secretKmsEncryption } from "../rules/encryption/secret-kms-encryption";
import { snapshotEncryption } from "../rules/encryption/snapshot-encryption";
import { snsSubscriptionHttps } from "../rules/encryption/sns-subscription-https";
import { snsTopicEncryption } from "../rules/encryption/sns-topic-encryption";
import { snsTopicSecureTransport } from "../rules/encryption/sns-topic-secure-transport";
import { sqsQueueEncryption } from "../rules/encryption/sqs-queue-encryption";
import { sqsQueueSecureTransport } from "../rules/encryption/sqs-queue-secure-transport";
import { ssmSecureParameter } from "../rules/encryption/ssm-secure-parameter";
import { storageClassEncryption } from "../rules/encryption/storage-class-encryption";
import { targetGroupTls } from "../rules/encryption/target-group-tls";
import { transferServerProtocols } from "../rules/encryption/transfer-server-protocols";
import { workspaceVolumeEncryption } from "../rules/encryption/workspace-volume-encryption";
import { kmsKeyPolicyAccount } from "../rules/encryption/kms-key-policy-account";
import { athenaDatabaseEncryption } from "../rules/encryption/athena-database-encryption";
import { athenaWorkgroupEnforced } from "../rules/encryption/athena-workgroup-enforced";
import { codebuildArtifactEncryption } from "../rules/encryption/codebuild-artifact-encryption";
import { emrEncryption } from "../rules/encryption/emr-encryption";
import { customerManagedKey } from "../rules/encryption/customer-managed-key";

/** Encryption of data at rest and in transit. */
export const encryption: readonly CatalogEntry[] = [
  // at rest
  mandatory(amiEncryption),
  mandatory(apiGatewayCacheEncryption),
  advisory(athenaWorkgroupEncryption),
  advisory(backupVaultKmsEncryption),
  advisory(cloudtrailKmsEncryption),
  mandatory(daxEncryption),
  advisory(dynamodbKmsEncryption),
  mandatory(ebsEncryptionByDefault),
  mandatory(ebsVolumeEncryption),
  advisory(ecrKmsEncryption),
  mandatory(efsEncryption),
  mandatory(eksSecretsEncryption),
  mandatory(elasticacheAtRestEncryption),
  mandatory(firehoseEncryption),
  advisory(fsxKmsEncryption),
  mandatory(instanceVolumeEncryption),
  mandatory(kinesisStreamEncryption),
  advisory(lambdaEnvironmentEncryption),
  mandatory(launchTemplateEncryption),
  advisory(logGroupKmsEncryption),
  advisory(mskAtRestKey),
  mandatory(opensearchAtRestEncryption),
  mandatory(rdsStorageEncryption),
  mandatory(redshiftEncryption),
  advisory(rootVolumeEncryption),
  advisory(s3BucketEncryption),
  advisory(s3BucketKmsEncryption),
  advisory(sagemakerKmsEncryption),
  advisory(secretKmsEncryption),
  mandatory(snapshotEncryption),
  mandatory(snsTopicEncryption),
  mandatory(sqsQueueEncryption),
  mandatory(ssmSecureParameter),
  mandatory(storageClassEncryption),
  advisory(workspaceVolumeEncryption),
  // keys
  advisory(kmsKeyDeletionWindow),
  mandatory(kmsKeyPolicyOpen),
  mandatory(kmsKeyRotation),
  // in transit
  advisory(apiGatewayBackendTls),
  mandatory(apiGatewayDomainTls),
  mandatory(certificateKeyAlgorithm),
  mandatory(classicLoadBalancerHttps),
  mandatory(classicLoadBalancerTlsPolicy),
  advisory(cloudfrontMinimumTlsVersion),
  mandatory(cloudfrontOriginTls),
  mandatory(cloudfrontViewerHttps),
  mandatory(databaseRequiresTls),
  mandatory(daxTransitEncryption),
  mandatory(dmsEndpointTls),
  advisory(efsPolicySecureTransport),
  mandatory(efsTransitEncryption),
  mandatory(elasticacheTransitEncryption),
  mandatory(loadBalancerAnnotationTlsPolicy),
  mandatory(loadBalancerListenerHttps),
  mandatory(loadBalancerRuleHttps),
  mandatory(loadBalancerTlsPolicy),
  mandatory(memorydbTransitEncryption),
  mandatory(mqBrokerPublic),
  mandatory(mskBrokerEncryption),
  mandatory(mskClientEncryption),
  mandatory(mskConnectorEncryption),
  mandatory(opensearchHttps),
  mandatory(opensearchNodeEncryption),
  advisory(opensearchTlsVersion),
  mandatory(rdsProxyTls),
  mandatory(s3BucketSecureTransport),
  mandatory(snsSubscriptionHttps),
  advisory(snsTopicSecureTransport),
  advisory(sqsQueueSecureTransport),
  advisory(targetGroupTls),
  mandatory(transferServerProtocols),
  advisory(kmsKeyPolicyAccount),
  mandatory(athenaDatabaseEncryption),
  mandatory(athenaWorkgroupEnforced),
  mandatory(codebuildArtifactEncryption),
  mandatory(emrEncryption),
  advisory(customerManagedKey),
];
