import { advisory, type CatalogEntry, mandatory } from "./entry";
import { apiStageAccessLogs } from "../rules/logging/api-stage-access-logs";
import { cloudtrailLogGroup } from "../rules/logging/cloudtrail-log-group";
import { cloudtrailLogValidation } from "../rules/logging/cloudtrail-log-validation";
import { cloudtrailManagementEvents } from "../rules/logging/cloudtrail-management-events";
import { cloudtrailMultiRegion } from "../rules/logging/cloudtrail-multi-region";
import { eksControlPlaneLogs } from "../rules/logging/eks-control-plane-logs";
import { loadBalancerAccessLogs } from "../rules/logging/load-balancer-access-logs";
import { logGroupRetention } from "../rules/logging/log-group-retention";
import { mqLogs } from "../rules/logging/mq-logs";
import { mskBrokerLogs } from "../rules/logging/msk-broker-logs";
import { opensearchAuditLogs } from "../rules/logging/opensearch-audit-logs";
import { rdsLogExports } from "../rules/logging/rds-log-exports";
import { cloudfrontLogs } from "../rules/logging/cloudfront-logs";
import { s3AccessLogs } from "../rules/logging/s3-access-logs";
import { vpcFlowLogs } from "../rules/logging/vpc-flow-logs";
import { webAclLogs } from "../rules/logging/web-acl-logs";
import { apiDataTrace } from "../rules/logging/api-data-trace";
import { stepFunctionsLogs } from "../rules/logging/step-functions-logs";
import { cloudtrailObjectEvents } from "../rules/logging/cloudtrail-object-events";
import { configAggregatorRegions } from "../rules/logging/config-aggregator-regions";
import { ecsContainerInsights } from "../rules/logging/ecs-container-insights";
import { securityServiceSuspended } from "../rules/logging/security-service-suspended";

/** Rules on what is written down. */
export const logging: readonly CatalogEntry[] = [
  advisory(apiStageAccessLogs),
  advisory(cloudtrailLogGroup),
  mandatory(cloudtrailLogValidation),
  advisory(cloudtrailManagementEvents),
  mandatory(cloudtrailMultiRegion),
  mandatory(eksControlPlaneLogs),
  advisory(loadBalancerAccessLogs),
  mandatory(logGroupRetention),
  advisory(mqLogs),
  advisory(mskBrokerLogs),
  advisory(opensearchAuditLogs),
  advisory(rdsLogExports),
  advisory(cloudfrontLogs),
  advisory(s3AccessLogs),
  mandatory(vpcFlowLogs),
  advisory(webAclLogs),
  advisory(apiDataTrace),
  advisory(stepFunctionsLogs),
  advisory(cloudtrailObjectEvents),
  advisory(configAggregatorRegions),
  advisory(ecsContainerInsights),
  mandatory(securityServiceSuspended),
];
