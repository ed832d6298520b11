import { awsControls } from "../../model/aws-controls";
import { inputRule } from "../../model/input-rule";

export const rdsLogExports = inputRule(
  {
    id: "rds-log-exports",
    title: "Databases export their logs",
    severity: "low",
    description: "Logs on the instance are overwritten within days and go down with it.",
    remediation: 'enabledCloudwatchLogsExports: ["postgresql", "upgrade"]',
    types: [
      "aws:rds/instance:Instance",
      "aws:rds/cluster:Cluster",
      "aws:docdb/cluster:Cluster",
      "aws:neptune/cluster:Cluster",
    ],
    controls: awsControls(
      "rds_instance_integration_cloudwatch_logs",
      "rds_cluster_integration_cloudwatch_logs",
    ),
  },
  (fields, { type }) => {
    const list = type.startsWith("aws:neptune/")
      ? "enableCloudwatchLogsExports"
      : "enabledCloudwatchLogsExports";
    return fields.get(list).items().length > 0 ? undefined : `must export its logs: give \`${list}\`.`;
  },
);
