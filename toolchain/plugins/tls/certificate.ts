import { createPublicKey, randomBytes } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import * as x509 from "@peculiar/asn1-x509";
import { encodePem } from "./pem";
import { keyIdentifier, publicKeyInfo, signatureAlgorithm, signDer, toArrayBuffer } from "./signing";
import { extendedKeyUsage, keyUsage } from "./usages";

export interface CertificateTemplate {
  readonly subject: x509.Name;
  readonly alternativeNames?: x509.SubjectAlternativeName;
  readonly publicKey: x509.SubjectPublicKeyInfo;
  readonly allowedUses: readonly string[];
  readonly isCa: boolean;
  /** How many CAs may follow below this one; only for a CA. @default no limit */
  readonly maxPathLength?: number;
  /** A CA always has the extension. */
  readonly withSubjectKeyId: boolean;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** Who signs: for a self-signed certificate, its own subject and key. */
export interface Issuer {
  readonly name: x509.Name;
  readonly privateKey: KeyObject;
  /** The issuer's key identifier; left out of the certificate where it is absent. */
  readonly keyId?: ArrayBuffer;
}

export interface IssuedCertificate {
  readonly pem: string;
  /** Decimal: the official provider's resource ID. */
  readonly serialNumber: string;
}

function extension(extnID: string, critical: boolean, value: unknown): x509.Extension {
  return new x509.Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

function extensions(template: CertificateTemplate, issuer: Issuer): x509.Extension[] {
  const { allowedUses, isCa, maxPathLength, alternativeNames } = template;
  const usage = keyUsage(allowedUses);
  const extended = extendedKeyUsage(allowedUses);
  const constraints = new x509.BasicConstraints(isCa ? { cA: true, pathLenConstraint: maxPathLength } : {});
  const all: (x509.Extension | undefined)[] = [
    usage && extension(x509.id_ce_keyUsage, true, usage),
    extended && extension(x509.id_ce_extKeyUsage, false, extended),
    extension(x509.id_ce_basicConstraints, true, constraints),
    template.withSubjectKeyId || isCa
      ? extension(
          x509.id_ce_subjectKeyIdentifier,
          false,
          new x509.SubjectKeyIdentifier(keyIdentifier(template.publicKey)),
        )
      : undefined,
    issuer.keyId &&
      extension(
        x509.id_ce_authorityKeyIdentifier,
        false,
        new x509.AuthorityKeyIdentifier({ keyIdentifier: new x509.KeyIdentifier(issuer.keyId) }),
      ),
    // Without a subject, the alternative names are what identifies the holder: RFC 5280, section 4.2.1.6.
    alternativeNames && extension(x509.id_ce_subjectAltName, template.subject.length === 0, alternativeNames),
  ];
  return all.filter((each) => each !== undefined);
}

/** 128 random bits as a positive number without a leading zero byte. */
function serialNumberBytes(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes;
}

/** Makes and signs an X.509 certificate, version 3. */
export function issueCertificate(template: CertificateTemplate, issuer: Issuer): IssuedCertificate {
  const serial = serialNumberBytes();
  const algorithm = signatureAlgorithm(issuer.privateKey);
  const tbsCertificate = new x509.TBSCertificate({
    version: x509.Version.v3,
    serialNumber: toArrayBuffer(serial),
    signature: algorithm,
    issuer: issuer.name,
    validity: new x509.Validity({ notBefore: template.notBefore, notAfter: template.notAfter }),
    subject: template.subject,
    subjectPublicKeyInfo: template.publicKey,
    extensions: new x509.Extensions(extensions(template, issuer)),
  });
  const signatureValue = signDer(AsnConvert.serialize(tbsCertificate), issuer.privateKey);
  const certificate = new x509.Certificate({ tbsCertificate, signatureAlgorithm: algorithm, signatureValue });
  return {
    pem: encodePem("CERTIFICATE", AsnConvert.serialize(certificate)),
    serialNumber: BigInt(`0x${serial.toString("hex")}`).toString(),
  };
}

/** The issuer that a self-signed certificate has: itself. */
export function selfIssuer(name: x509.Name, privateKey: KeyObject, withAuthorityKeyId: boolean): Issuer {
  const keyId = withAuthorityKeyId ? keyIdentifier(publicKeyInfo(privateKey)) : undefined;
  return { name, privateKey, keyId };
}

/**
 * The issuer that an existing certificate and its key make.
 * @throws Error where the key is not the certificate's
 */
export function issuerOf(der: Buffer, privateKey: KeyObject): Issuer {
  const { tbsCertificate } = AsnConvert.parse(der, x509.Certificate);
  const certified = AsnConvert.serialize(tbsCertificate.subjectPublicKeyInfo);
  const own = createPublicKey(privateKey).export({ type: "spki", format: "der" });
  if (!Buffer.from(certified).equals(own)) {
    throw new Error("`caPrivateKeyPem` is not the key of the certificate in `caCertPem`.");
  }
  const found = tbsCertificate.extensions?.find(({ extnID }) => extnID === x509.id_ce_subjectKeyIdentifier);
  const keyId = found && AsnConvert.parse(found.extnValue.buffer, x509.SubjectKeyIdentifier).buffer;
  return { name: tbsCertificate.subject, privateKey, keyId };
}
