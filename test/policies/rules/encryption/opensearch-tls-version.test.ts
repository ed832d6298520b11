import { opensearchTlsVersion } from "../../../../policies/rules/encryption/opensearch-tls-version";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

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

describeRule(opensearchTlsVersion, {
  good: { "TLS 1.2": domain({ enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-2-2019-07" }) },
  bad: {
    default: domain({ enforceHttps: true }),
    "TLS 1.0": domain({ enforceHttps: true, tlsSecurityPolicy: "Policy-Min-TLS-1-0-2019-07" }),
  },
  partial: { "no options": domain({}) },
  wrongType: { "a number": domain({ enforceHttps: true, tlsSecurityPolicy: 1.2 }) },
  unknown: { policy: domain({ enforceHttps: true, tlsSecurityPolicy: UNKNOWN }) },
});
