import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";
import { PART_OF } from "../internal/labels";
import { Problems, plainValue } from "../internal/validation";
import type { CertificateAuthority } from "./certificate-authority";

const HOURS_PER_DAY = 24;
const DEFAULT_VALIDITY_DAYS = 365;

/** An `up` in the last 30 days replaces the certificate. */
const RENEWAL_DAYS = 30;

/** Inputs of a ServerCertificate. */
export interface ServerCertificateArgs {
  /** Who signs it. */
  readonly authority: CertificateAuthority;
  /** Namespace of the Secret. */
  readonly namespace: pulumi.Input<string>;
  /** Names that the certificate is good for; at least one. */
  readonly dnsNames: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Addresses that the certificate is good for.
   * @default []
   */
  readonly ipAddresses?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Days for which it is valid; more than 30, since renewal starts 30 days before the end.
   * @default 365
   */
  readonly validityDays?: number;
}

/**
 * A server's key and certificate (ECDSA P-256), signed by a CertificateAuthority, in a Secret that pods and gateways mount.
 *
 * @example
 * const certificate = new ServerCertificate("front-tls", {
 *   authority: new CertificateAuthority("authority"),
 *   namespace: "models",
 *   dnsNames: ["models.example.com", "*.models.example.com"],
 * });
 * export const secretName = certificate.secretName;
 */
export class ServerCertificate extends pulumi.ComponentResource {
  /**
   * Name of the Secret (type `kubernetes.io/tls`, keys `tls.crt` and `tls.key`); whoever uses this output waits for it. A
   * renewed certificate is a new Secret: its users change over before the old one goes, so no moment is without one.
   */
  readonly secretName: pulumi.Output<string>;

  constructor(name: string, args: ServerCertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("slipway:index:ServerCertificate", name, {}, opts);
    const validityDays = args.validityDays ?? DEFAULT_VALIDITY_DAYS;
    const problems = new Problems("ServerCertificate", name);
    problems.check(
      Number.isInteger(validityDays) && validityDays > RENEWAL_DAYS,
      "validityDays",
      `${validityDays} must be a whole number of days greater than ${RENEWAL_DAYS}`,
    );
    problems.check(plainValue(args.dnsNames)?.length !== 0, "dnsNames", "must name at least one host");
    problems.throwIfAny();

    const parent = { parent: this };
    const key = new tls.PrivateKey(`${name}-key`, { algorithm: "ECDSA", ecdsaCurve: "P256" }, parent);
    const request = new tls.CertRequest(
      `${name}-request`,
      {
        privateKeyPem: key.privateKeyPem,
        subject: { commonName: pulumi.output(args.dnsNames).apply((names) => names[0] ?? name) },
        dnsNames: args.dnsNames,
        ...(args.ipAddresses === undefined ? {} : { ipAddresses: args.ipAddresses }),
      },
      parent,
    );
    const certificate = new tls.LocallySignedCert(
      `${name}-certificate`,
      {
        certRequestPem: request.certRequestPem,
        caCertPem: args.authority.certificatePem,
        caPrivateKeyPem: args.authority.privateKeyPem,
        validityPeriodHours: validityDays * HOURS_PER_DAY,
        earlyRenewalHours: RENEWAL_DAYS * HOURS_PER_DAY,
        allowedUses: ["digital_signature", "server_auth"],
      },
      parent,
    );
    const secret = new Secret(
      name,
      {
        // No name: Kubernetes' provider replaces a Secret whose data change, and with a fixed name it would delete it first.
        metadata: { namespace: args.namespace, labels: { ...PART_OF } },
        type: "kubernetes.io/tls",
        data: {
          "tls.crt": certificate.certPem.apply(base64),
          "tls.key": pulumi.secret(key.privateKeyPem).apply(base64),
        },
      },
      parent,
    );

    this.secretName = secret.metadata.name;
    this.registerOutputs({ secretName: this.secretName });
  }
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
