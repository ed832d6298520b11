import { isIP } from "node:net";
import { GeneralName, SubjectAlternativeName } from "@peculiar/asn1-x509";

/** Other names that a certificate is valid for. */
export interface AlternativeNames {
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly uris: readonly string[];
}

/** @returns `undefined` where there are none, because an empty list is not allowed in a certificate */
export function alternativeName(names: AlternativeNames): SubjectAlternativeName | undefined {
  const all = [
    ...names.dnsNames.map((dNSName) => new GeneralName({ dNSName })),
    ...names.ipAddresses.map((iPAddress) => new GeneralName({ iPAddress })),
    ...names.uris.map((uniformResourceIdentifier) => new GeneralName({ uniformResourceIdentifier })),
  ];
  return all.length === 0 ? undefined : new SubjectAlternativeName(all);
}

export function isIpAddress(text: string): boolean {
  return isIP(text) !== 0;
}
