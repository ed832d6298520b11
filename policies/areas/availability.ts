import { advisory, type CatalogEntry, mandatory } from "./entry";
import { deploymentDisruptionBudget } from "../rules/availability/deployment-disruption-budget";
import { deploymentMinimumReplicaCount } from "../rules/availability/deployment-minimum-replica-count";
import { autoscalerBounds } from "../rules/availability/autoscaler-bounds";
import { autoscalerReplicasConflict } from "../rules/availability/autoscaler-replicas-conflict";
import { disruptionBudgetAllowsDrain } from "../rules/availability/disruption-budget-allows-drain";
import { deploymentTopologySpread } from "../rules/availability/deployment-topology-spread";
import { dynamodbDeletionProtection } from "../rules/availability/dynamodb-deletion-protection";
import { dynamodbPointInTimeRecovery } from "../rules/availability/dynamodb-point-in-time-recovery";
import { eksDeletionProtection } from "../rules/availability/eks-deletion-protection";
import { loadBalancerDeletionProtection } from "../rules/availability/load-balancer-deletion-protection";
import { rdsBackupRetention } from "../rules/availability/rds-backup-retention";
import { rdsDeletionProtection } from "../rules/availability/rds-deletion-protection";
import { rdsFinalSnapshot } from "../rules/availability/rds-final-snapshot";
import { rdsMultipleZones } from "../rules/availability/rds-multiple-zones";
import { redisBackup } from "../rules/availability/redis-backup";
import { redisFailover } from "../rules/availability/redis-failover";
import { s3Versioning } from "../rules/availability/s3-versioning";
import { autoscalingZones } from "../rules/availability/autoscaling-zones";
import { efsBackup } from "../rules/availability/efs-backup";
import { eksNodeCount } from "../rules/availability/eks-node-count";
import { eksNodeZones } from "../rules/availability/eks-node-zones";
import { loadBalancerZones } from "../rules/availability/load-balancer-zones";
import { autoscalingHealthCheck } from "../rules/availability/autoscaling-health-check";
import { eksVersion } from "../rules/availability/eks-version";
import { lambdaRuntime } from "../rules/availability/lambda-runtime";
import { autoscalerTarget } from "../rules/availability/autoscaler-target";
import { disruptionBudgetUnhealthyPods } from "../rules/availability/disruption-budget-unhealthy-pods";
import { cronJobOverlap } from "../rules/availability/cron-job-overlap";
import { cronJobDeadline } from "../rules/availability/cron-job-deadline";
import { jobTimeToLive } from "../rules/availability/job-time-to-live";
import { limitRangeDefaults } from "../rules/availability/limit-range-defaults";
import { resourceQuotaBounds } from "../rules/availability/resource-quota-bounds";
import { eksNodeOperatingSystem } from "../rules/availability/eks-node-operating-system";
import { s3NoncurrentExpiration } from "../rules/availability/s3-noncurrent-expiration";

/** Rules on staying up. */
export const availability: readonly CatalogEntry[] = [
  advisory(deploymentDisruptionBudget),
  advisory(deploymentMinimumReplicaCount),
  advisory(autoscalerBounds),
  advisory(autoscalerReplicasConflict),
  mandatory(disruptionBudgetAllowsDrain),
  advisory(deploymentTopologySpread),
  advisory(dynamodbDeletionProtection),
  advisory(dynamodbPointInTimeRecovery),
  advisory(eksDeletionProtection),
  advisory(loadBalancerDeletionProtection),
  mandatory(rdsBackupRetention),
  advisory(rdsDeletionProtection),
  advisory(rdsFinalSnapshot),
  advisory(rdsMultipleZones),
  advisory(redisBackup),
  advisory(redisFailover),
  advisory(s3Versioning),
  advisory(autoscalingZones),
  advisory(efsBackup),
  advisory(eksNodeCount),
  advisory(eksNodeZones),
  advisory(loadBalancerZones),
  advisory(autoscalingHealthCheck),
  advisory(eksVersion),
  advisory(lambdaRuntime),
  advisory(autoscalerTarget),
  advisory(disruptionBudgetUnhealthyPods),
  advisory(cronJobOverlap),
  advisory(cronJobDeadline),
  advisory(jobTimeToLive),
  advisory(limitRangeDefaults),
  advisory(resourceQuotaBounds),
  advisory(eksNodeOperatingSystem),
  advisory(s3NoncurrentExpiration),
];
