import { inputRule } from "../../model/input-rule";

/** Authorities whose own certificates have ended, in 2020 and in 2024. */
const ENDED = ["rds-ca-2015", "rds-ca-2019"];

export const rdsCertificateAuthority = inputRule(
  {
    id: "rds-certificate-authority",
    title: "Databases have a certificate of an authority that still is one",
    severity: "medium",
    description: "Clients that verify the certificate cannot connect, and are then told not to verify.",
    remediation: 'caCertIdentifier: "rds-ca-rsa2048-g1" // or leave it out',
    types: ["aws:rds/instance:Instance", "aws:rds/clusterInstance:ClusterInstance"],
    controls: [],
  },
  (database) => {
    const authority = database.get("caCertIdentifier");
    return ENDED.includes(authority.string() ?? "")
      ? `must not use \`${authority.show()}\`, whose certificate has ended.`
      : undefined;
  },
);
