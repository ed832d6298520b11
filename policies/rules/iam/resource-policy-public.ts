import { publicPolicyRule } from "../../model/resource-policies";

export const resourcePolicyPublic = publicPolicyRule({
  id: "resource-policy-public",
  title: "Policies of tables, streams, buses and vaults let in nobody unnamed",
  severity: "high",
  description: "A statement for `*` without a condition on the caller lets every AWS account in.",
  remediation: "Principal: { AWS: [role.arn] }",
  types: [
    "aws:dynamodb/resourcePolicy:ResourcePolicy",
    "aws:dynamodb/table:Table",
    "aws:kinesis/resourcePolicy:ResourcePolicy",
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy",
    "aws:backup/vaultPolicy:VaultPolicy",
    "aws:msk/clusterPolicy:ClusterPolicy",
    "aws:lambda/resourcePolicy:ResourcePolicy",
    "aws:redshift/resourcePolicy:ResourcePolicy",
  ],
  controls: [],
});
