import type { KeyObject } from "node:crypto";
import { Attributes, CertificationRequest, CertificationRequestInfo } from "@peculiar/asn1-csr";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import {
  Attribute,
  Extension,
  Extensions,
  id_ce_subjectAltName,
  SubjectAlternativeName,
} from "@peculiar/asn1-x509";
import type { Name, SubjectPublicKeyInfo } from "@peculiar/asn1-x509";
import { decodePem, encodePem } from "./pem";
import { publicKeyInfo, signatureAlgorithm, signDer } from "./signing";

/** PKCS #9 extensionRequest: how a request says which extensions it wants. */
const EXTENSION_REQUEST = "1.2.840.113549.1.9.14";

/** Makes and signs a certificate request (PKCS #10) in PEM. */
export function createRequest(
  subject: Name,
  alternativeNames: SubjectAlternativeName | undefined,
  privateKey: KeyObject,
): string {
  const attributes = new Attributes();
  if (alternativeNames) {
    const extnValue = new OctetString(AsnConvert.serialize(alternativeNames));
    const extension = new Extension({ extnID: id_ce_subjectAltName, extnValue });
    const values = [AsnConvert.serialize(new Extensions([extension]))];
    attributes.push(new Attribute({ type: EXTENSION_REQUEST, values }));
  }
  const certificationRequestInfo = new CertificationRequestInfo({
    subject,
    subjectPKInfo: publicKeyInfo(privateKey),
    attributes,
  });
  const request = new CertificationRequest({
    certificationRequestInfo,
    signatureAlgorithm: signatureAlgorithm(privateKey),
    signature: signDer(AsnConvert.serialize(certificationRequestInfo), privateKey),
  });
  return encodePem("CERTIFICATE REQUEST", AsnConvert.serialize(request));
}

export interface RequestContent {
  readonly subject: Name;
  readonly alternativeNames?: SubjectAlternativeName;
  readonly publicKey: SubjectPublicKeyInfo;
}

/** Reads what a certificate request asks for. @throws Error where it is none */
export function readRequest(pem: string): RequestContent {
  const der = decodePem(pem, ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"], "certRequestPem");
  const info = AsnConvert.parse(der, CertificationRequest).certificationRequestInfo;
  const wanted = info.attributes.find(({ type }) => type === EXTENSION_REQUEST)?.values[0];
  const extensions = wanted === undefined ? [] : AsnConvert.parse(wanted, Extensions);
  const names = extensions.find(({ extnID }) => extnID === id_ce_subjectAltName);
  return {
    subject: info.subject,
    alternativeNames: names && AsnConvert.parse(names.extnValue.buffer, SubjectAlternativeName),
    publicKey: info.subjectPKInfo,
  };
}
