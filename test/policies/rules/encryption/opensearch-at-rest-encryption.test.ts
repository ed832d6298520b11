import { opensearchAtRestEncryption } from "../../../../policies/rules/encryption/opensearch-at-rest-encryption";
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
const domain = (encryptAtRest: unknown, type = "aws:opensearch/domain:Domain") =>
  put("domain", type, { ...safe, encryptAtRest });

describeRule(opensearchAtRestEncryption, {
  good: {
    on: domain({ enabled: true }),
    "the older type": domain({ enabled: true }, "aws:elasticsearch/domain:Domain"),
  },
  bad: {
    default: domain(undefined),
    off: domain({ enabled: false }),
    "the older type": domain({ enabled: false }, "aws:elasticsearch/domain:Domain"),
  },
  partial: { "without the switch": domain({ kmsKeyId: "key" }) },
  wrongType: { "a word": domain({ enabled: "yes" }) },
  unknown: { switch: domain({ enabled: UNKNOWN }), "all of it": domain(UNKNOWN) },
});
