import { rdsCertificateAuthority } from "../../../../policies/rules/encryption/rds-certificate-authority";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put } from "../../support/edits";

const database = (caCertIdentifier: unknown) =>
  put("database", "aws:rds/clusterInstance:ClusterInstance", {
    publiclyAccessible: false,
    autoMinorVersionUpgrade: true,
    performanceInsightsEnabled: true,
    performanceInsightsKmsKeyId: "arn:aws:kms:eu-central-1:111122223333:key/a",
    monitoringInterval: 60,
    engine: "aurora-postgresql",
    clusterIdentifier: "shop",
    caCertIdentifier,
  });

describeRule(rdsCertificateAuthority, {
  good: { newer: database("rds-ca-rsa2048-g1"), "AWS' choice": database(undefined) },
  bad: { "of 2015": database("rds-ca-2015"), "of 2019": database("rds-ca-2019") },
  partial: { none: "an authority has ended, or it has not" },
  notJudged: { "a wrong type": database(2019) },
  unknown: { authority: database(UNKNOWN) },
});
