import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { Problems, plainValue } from "../internal/validation";

const HOURS_PER_DAY = 24;
const DEFAULT_VALIDITY_DAYS = 3650;
const DEFAULT_COMMON_NAME = "Slipway certificate authority";

/** Renewal starts this long before the end, so that an `up` in that time replaces the certificate unasked. */
const RENEWAL_DAYS = 90;

/** Inputs of a CertificateAuthority. */
export interface CertificateAuthorityArgs {
  /**
   * The authority's name, as it appears in certificates.
   * @default "Slipway certificate authority"
   */
  readonly commonName?: pulumi.Input<string>;
  /**
   * Days for which the authority's own certificate is valid; more than 90, since renewal starts 90 days before the end.
   * @default 3650
   */
  readonly validityDays?: number;
}

/**
 * A private certificate authority (ECDSA P-256): the root of trust of the gateway's and of the servers' certificates.
 * Its key lives in the stack's state, as a secret, and nowhere else.
 *
 * @example
 * const authority = new CertificateAuthority("authority", { commonName: "Vision team" });
 * export const whatClientsTrust = authority.certificatePem;
 */
export class CertificateAuthority extends pulumi.ComponentResource {
  /** The authority's certificate in PEM: what clients trust. */
  readonly certificatePem: pulumi.Output<string>;
  /** The authority's key in PEM, a secret. */
  readonly privateKeyPem: pulumi.Output<string>;

  constructor(name: string, args: CertificateAuthorityArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:CertificateAuthority", name, args, opts);
    const validityDays = args.validityDays ?? DEFAULT_VALIDITY_DAYS;
    const problems = new Problems("CertificateAuthority", name);
    problems.check(
      Number.isInteger(validityDays) && validityDays > RENEWAL_DAYS,
      "validityDays",
      `${validityDays} must be a whole number of days greater than ${RENEWAL_DAYS}`,
    );
    problems.check(plainValue(args.commonName) !== "", "commonName", '"" must not be empty');
    problems.throwIfAny();

    const parent = { parent: this };
    const key = new tls.PrivateKey(`${name}-key`, { algorithm: "ECDSA", ecdsaCurve: "P256" }, parent);
    const certificate = new tls.SelfSignedCert(
      `${name}-certificate`,
      {
        privateKeyPem: key.privateKeyPem,
        isCaCertificate: true,
        setSubjectKeyId: true,
        subject: { commonName: args.commonName ?? DEFAULT_COMMON_NAME },
        validityPeriodHours: validityDays * HOURS_PER_DAY,
        earlyRenewalHours: RENEWAL_DAYS * HOURS_PER_DAY,
        allowedUses: ["cert_signing", "crl_signing", "digital_signature"],
      },
      parent,
    );

    this.certificatePem = certificate.certPem;
    this.privateKeyPem = pulumi.secret(key.privateKeyPem);
    this.registerOutputs({ certificatePem: this.certificatePem, privateKeyPem: this.privateKeyPem });
  }
}
