import { UNKNOWN } from "../../../../policies/testing";
import { rdsLogExports } from "../../../../policies/rules/logging/rds-log-exports";
import { example } from "../../support/aws-resources";
import { describeRule } from "../../support/describe-rule";

describeRule(rdsLogExports, {
  good: {
    cluster: example("databaseCluster"),
    documents: example("documentCluster"),
    graph: example("graphCluster"),
  },
  bad: {
    none: example("database", { enabledCloudwatchLogsExports: undefined }),
    graph: example("graphCluster", { enableCloudwatchLogsExports: undefined }),
  },
  partial: { "an empty list": example("databaseCluster", { enabledCloudwatchLogsExports: [] }) },
  wrongType: { text: example("database", { enabledCloudwatchLogsExports: "postgresql" }) },
  unknown: { list: example("database", { enabledCloudwatchLogsExports: UNKNOWN }) },
});
