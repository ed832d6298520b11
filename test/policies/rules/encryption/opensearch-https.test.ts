import { opensearchHttps } from "../../../../policies/rules/encryption/opensearch-https";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const policy = { tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10" };
const safe = {
  encryptAtRest: { enabled: true },
  nodeToNodeEncryption: { enabled: true },
  domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-PFS-2023-10" },
  vpcOptions: { subnetIds: ["subnet-1"], securityGroupIds: ["sg-1"] },
  advancedSecurityOptions: { enabled: true, internalUserDatabaseEnabled: false },
  logPublishingOptions: [{ logType: "AUDIT_LOGS", cloudwatchLogGroupArn: "arn", enabled: true }],
  clusterConfig: {
    dedicatedMasterEnabled: true,
    dedicatedMasterCount: 3,
    instanceCount: 3,
    zoneAwarenessEnabled: true,
  },
};
const domain = (domainEndpointOptions: unknown, type = "aws:opensearch/domain:Domain") =>
  put("domain", type, { ...safe, domainEndpointOptions });

describeRule(opensearchHttps, {
  good: {
    "by default, where options are given": domain(policy),
    on: domain({ ...policy, enforceHttps: true }),
  },
  bad: { off: domain({ ...policy, enforceHttps: false }) },
  partial: { none: "one switch, which is on or off" },
  wrongType: { "a word": domain({ ...policy, enforceHttps: "no" }), "no options": domain(undefined) },
  unknown: { switch: domain({ ...policy, enforceHttps: UNKNOWN }) },
});
