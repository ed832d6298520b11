import type * as pulumi from "@pulumi/pulumi";
import { type Problems, isHostName, plainValue } from "../internal/validation";

/** A certificate that cert-manager obtains and renews; its key is a new one each time. */
export interface CertManagerSettings {
  /** Name of the issuer. One that asks for proof by ACME needs a DNS solver: the certificate has a wildcard. */
  readonly issuerName: string;
  /**
   * Kind of the issuer; an `Issuer` must be in the gateway's namespace.
   * @default "ClusterIssuer"
   */
  readonly issuerKind?: "ClusterIssuer" | "Issuer";
  /**
   * Kind of key: ECDSA P-256, or RSA with 2048 bits for issuers and clients that know nothing else.
   * @default "ECDSA"
   */
  readonly keyAlgorithm?: "ECDSA" | "RSA";
  /**
   * Hours for which a certificate is asked for; the issuer may give less.
   * @default 2160
   */
  readonly durationHours?: number;
  /**
   * Hours before its end at which it is renewed.
   * @default 720
   */
  readonly renewBeforeHours?: number;
}

/** Where the gateway's certificate comes from: one of these, or the CertificateAuthority. */
export interface CertificateSettings {
  /**
   * An existing Secret of type `kubernetes.io/tls` in the gateway's namespace.
   * @default none
   */
  readonly secretName?: pulumi.Input<string>;
  /**
   * A Certificate of cert-manager's, which the component makes.
   * @default none
   */
  readonly certManager?: CertManagerSettings;
  /**
   * A certificate of AWS Certificate Manager. TLS of clients then ends at the load balancer; between it and the proxies there is
   * TLS again, with a certificate of the CertificateAuthority's, since certificates of ACM cannot be exported to pods.
   * @default none
   */
  readonly acmArn?: pulumi.Input<string>;
}

/** Defaults; a test ties each to its `@default` above. */
export const CERT_MANAGER_DEFAULTS = {
  issuerKind: "ClusterIssuer",
  keyAlgorithm: "ECDSA",
  durationHours: 2160,
  renewBeforeHours: 720,
} as const satisfies Omit<Required<CertManagerSettings>, "issuerName">;

const SOURCES = ["secretName", "certManager", "acmArn"] as const;

const ACM_ARN = /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[a-z0-9-]+$/;

/** Checks where the certificate comes from. */
export function checkCertificate(settings: CertificateSettings, path: string, problems: Problems): void {
  const given = SOURCES.filter((source) => settings[source] !== undefined);
  problems.check(given.length <= 1, path, `${given.join(" and ")} exclude each other; name one`);
  const secretName = plainValue(settings.secretName);
  problems.check(
    secretName === undefined || isHostName(secretName),
    `${path}.secretName`,
    `"${secretName}" must be the name of a Secret`,
  );
  const arn = plainValue(settings.acmArn);
  problems.check(
    arn === undefined || ACM_ARN.test(arn),
    `${path}.acmArn`,
    `"${arn}" must be as in "arn:aws:acm:eu-central-1:123456789012:certificate/…"`,
  );
  if (settings.certManager) checkCertManager(settings.certManager, `${path}.certManager`, problems);
}

function withDefaults(settings: CertManagerSettings): Required<CertManagerSettings> {
  return {
    issuerName: settings.issuerName,
    issuerKind: settings.issuerKind ?? CERT_MANAGER_DEFAULTS.issuerKind,
    keyAlgorithm: settings.keyAlgorithm ?? CERT_MANAGER_DEFAULTS.keyAlgorithm,
    durationHours: settings.durationHours ?? CERT_MANAGER_DEFAULTS.durationHours,
    renewBeforeHours: settings.renewBeforeHours ?? CERT_MANAGER_DEFAULTS.renewBeforeHours,
  };
}

function checkCertManager(settings: CertManagerSettings, path: string, problems: Problems): void {
  const { issuerName, issuerKind, keyAlgorithm, durationHours, renewBeforeHours } = withDefaults(settings);
  problems.check(
    isHostName(issuerName),
    `${path}.issuerName`,
    `"${issuerName}" must be the name of an issuer`,
  );
  problems.check(
    issuerKind === "ClusterIssuer" || issuerKind === "Issuer",
    `${path}.issuerKind`,
    `"${issuerKind as string}" must be one of ClusterIssuer, Issuer`,
  );
  problems.check(
    keyAlgorithm === "ECDSA" || keyAlgorithm === "RSA",
    `${path}.keyAlgorithm`,
    `"${keyAlgorithm as string}" must be one of ECDSA, RSA`,
  );
  problems.check(
    Number.isInteger(durationHours) && durationHours >= 1,
    `${path}.durationHours`,
    `${durationHours} must be a whole number >= 1`,
  );
  problems.check(
    Number.isInteger(renewBeforeHours) && renewBeforeHours >= 1 && renewBeforeHours < durationHours,
    `${path}.renewBeforeHours`,
    `${renewBeforeHours} must be a whole number >= 1 and less than \`durationHours\` (${durationHours})`,
  );
}

/** Spec of cert-manager's Certificate. */
export function certificateSpec(
  settings: CertManagerSettings,
  secretName: string,
  names: { readonly dnsNames: readonly string[]; readonly ipAddresses: readonly string[] },
) {
  const { issuerName, issuerKind, keyAlgorithm, durationHours, renewBeforeHours } = withDefaults(settings);
  return {
    secretName,
    dnsNames: [...names.dnsNames],
    ...(names.ipAddresses.length === 0 ? {} : { ipAddresses: [...names.ipAddresses] }),
    issuerRef: { group: "cert-manager.io", kind: issuerKind, name: issuerName },
    privateKey: {
      algorithm: keyAlgorithm,
      size: keyAlgorithm === "ECDSA" ? 256 : 2048,
      rotationPolicy: "Always",
    },
    // As the API server has them, so that what is declared equals what is stored.
    duration: `${durationHours}h0m0s`,
    renewBefore: `${renewBeforeHours}h0m0s`,
    usages: ["digital signature", "server auth"],
    revisionHistoryLimit: 1,
  };
}
