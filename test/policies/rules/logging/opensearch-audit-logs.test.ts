import { UNKNOWN } from "../../../../policies/testing";
import { opensearchAuditLogs } from "../../../../policies/rules/logging/opensearch-audit-logs";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";

describeRule(opensearchAuditLogs, {
  good: { audit: example("search") },
  bad: { none: example("search", { logPublishingOptions: undefined }) },
  partial: {
    "other logs": example("search", { logPublishingOptions: [{ logType: "ES_APPLICATION_LOGS" }] }),
    off: example("search", { logPublishingOptions: [{ logType: "AUDIT_LOGS", enabled: false }] }),
  },
  wrongType: {
    "a text instead of a list": example("search", { logPublishingOptions: "AUDIT_LOGS" }),
    "a text that AWS reads as off": example("search", {
      logPublishingOptions: [{ logType: "AUDIT_LOGS", enabled: "false" }],
    }),
  },
  unknown: { options: example("search", { logPublishingOptions: UNKNOWN }) },
});
