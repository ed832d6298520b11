import type { CheckFailure } from "../../shared/provider";
import type { Properties } from "../../shared/values";
import { issueCertificate, issuerOf, selfIssuer } from "../certificate";
import type { CertificateTemplate, Issuer } from "../certificate";
import { algorithmOf } from "../keys";
import { decodePem } from "../pem";
import { readRequest } from "../request";
import { publicKeyInfo } from "../signing";
import { distinguishedName } from "../subject";
import { USAGES } from "../usages";
import { alternativeNamesOf, checkIpAddresses, signingKey } from "./cert-request";
import type { Inputs, TlsResource } from "./resource";
import { atLeast, required } from "./resource";

const HOUR_MS = 60 * 60 * 1000;

const DEFAULTS: Properties = { earlyRenewalHours: 0, isCaCertificate: false, setSubjectKeyId: false };
const COMPUTED = ["certPem", "readyForRenewal", "validityStartTime", "validityEndTime"] as const;

/** RFC 3339 in UTC without fractions of a second, which is all that a certificate can say. */
function timestamp(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

function checkCertificate(inputs: Inputs): CheckFailure[] {
  const unknownUses = inputs.texts("allowedUses").filter((use) => !USAGES.includes(use));
  return [
    ...required(inputs, "allowedUses"),
    ...required(inputs, "validityPeriodHours"),
    ...atLeast(inputs, "validityPeriodHours", 0),
    ...atLeast(inputs, "earlyRenewalHours", 0),
    ...atLeast(inputs, "maxPathLength", 0),
    ...unknownUses.map((use) => ({
      property: "allowedUses",
      reason: `\`allowedUses\` ("${use}") must be among ${USAGES.join(", ")}.`,
    })),
  ];
}

function renewalTime(endTime: string, inputs: Inputs): number {
  return Date.parse(endTime) - (inputs.number("earlyRenewalHours") ?? 0) * HOUR_MS;
}

/** A certificate is due when its early renewal begins. */
function isExpired(outputs: Inputs, now: Date): boolean {
  const endTime = outputs.text("validityEndTime");
  return endTime !== undefined && now.getTime() >= renewalTime(endTime, outputs);
}

type Holder = Pick<CertificateTemplate, "subject" | "alternativeNames" | "publicKey">;

function issue(inputs: Inputs, holder: Holder, issuer: Issuer): { id: string; computed: Properties } {
  const notBefore = new Date(Math.floor(Date.now() / 1000) * 1000);
  const notAfter = new Date(notBefore.getTime() + (inputs.number("validityPeriodHours") ?? 0) * HOUR_MS);
  const { pem, serialNumber } = issueCertificate(
    {
      ...holder,
      allowedUses: inputs.texts("allowedUses"),
      isCa: inputs.flag("isCaCertificate"),
      maxPathLength: inputs.number("maxPathLength"),
      withSubjectKeyId: inputs.flag("setSubjectKeyId"),
      notBefore,
      notAfter,
    },
    issuer,
  );
  const computed = {
    certPem: pem,
    validityStartTime: timestamp(notBefore),
    validityEndTime: timestamp(notAfter),
    readyForRenewal: Date.now() >= renewalTime(timestamp(notAfter), inputs),
  };
  return { id: serialNumber, computed };
}

/** `tls:index/selfSignedCert:SelfSignedCert` */
export const selfSignedCert: TlsResource = {
  defaults: { ...DEFAULTS, setAuthorityKeyId: false },
  computed: [...COMPUTED, "keyAlgorithm"],
  secret: ["privateKeyPem"],
  updatable: ["earlyRenewalHours"],
  check: (inputs) => [
    ...checkCertificate(inputs),
    ...required(inputs, "privateKeyPem", "privateKeyPemWo"),
    ...checkIpAddresses(inputs),
  ],
  async create(inputs) {
    const key = signingKey(inputs, "privateKeyPem");
    const subject = distinguishedName(inputs.value("subject"));
    const holder = { subject, alternativeNames: alternativeNamesOf(inputs), publicKey: publicKeyInfo(key) };
    const issuer = selfIssuer(subject, key, inputs.flag("setAuthorityKeyId"));
    const { id, computed } = issue(inputs, holder, issuer);
    return { id, computed: { ...computed, keyAlgorithm: algorithmOf(key) } };
  },
  isExpired,
};

/** `tls:index/locallySignedCert:LocallySignedCert` */
export const locallySignedCert: TlsResource = {
  defaults: DEFAULTS,
  computed: [...COMPUTED, "caKeyAlgorithm"],
  secret: ["caPrivateKeyPem"],
  updatable: ["earlyRenewalHours"],
  check: (inputs) => [
    ...checkCertificate(inputs),
    ...required(inputs, "certRequestPem"),
    ...required(inputs, "caCertPem"),
    ...required(inputs, "caPrivateKeyPem", "caPrivateKeyPemWo"),
  ],
  async create(inputs) {
    const key = signingKey(inputs, "caPrivateKeyPem");
    const ca = decodePem(inputs.text("caCertPem") ?? "", ["CERTIFICATE"], "caCertPem");
    const { id, computed } = issue(
      inputs,
      readRequest(inputs.text("certRequestPem") ?? ""),
      issuerOf(ca, key),
    );
    return { id, computed: { ...computed, caKeyAlgorithm: algorithmOf(key) } };
  },
  isExpired,
};
