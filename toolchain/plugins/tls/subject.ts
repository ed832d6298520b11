import { AttributeTypeAndValue, AttributeValue, Name, RelativeDistinguishedName } from "@peculiar/asn1-x509";
import { isList, isObject, unwrap } from "../shared/values";
import type { Value } from "../shared/values";

/** Object identifiers of the subject's attributes, in the order in which the official provider writes them. */
const ATTRIBUTES = [
  ["country", "2.5.4.6"],
  ["organization", "2.5.4.10"],
  ["organizationalUnit", "2.5.4.11"],
  ["locality", "2.5.4.7"],
  ["province", "2.5.4.8"],
  ["streetAddresses", "2.5.4.9"],
  ["postalCode", "2.5.4.17"],
  ["commonName", "2.5.4.3"],
  ["serialNumber", "2.5.4.5"],
] as const;
const EMAIL_ADDRESS = "1.2.840.113549.1.9.1";

const PRINTABLE = /^[A-Za-z0-9 '()+,\-./:=?]*$/;

function directoryText(text: string): AttributeValue {
  return new AttributeValue(PRINTABLE.test(text) ? { printableString: text } : { utf8String: text });
}

function texts(value: Value): string[] {
  const plain = unwrap(value);
  if (typeof plain === "string") return [plain];
  return isList(plain) ? plain.flatMap(texts) : [];
}

function relativeName(type: string, values: readonly AttributeValue[]): RelativeDistinguishedName[] {
  if (values.length === 0) return [];
  const pairs = values.map((value) => new AttributeTypeAndValue({ type, value }));
  return [new RelativeDistinguishedName(pairs)];
}

/** Builds a distinguished name of a `subject` input. An absent subject gives the empty name. */
export function distinguishedName(subject: Value): Name {
  const plain = unwrap(subject);
  const fields = isObject(plain) ? plain : {};
  const names = ATTRIBUTES.flatMap(([field, type]) =>
    relativeName(type, texts(fields[field]).map(directoryText)),
  );
  // RFC 5280 wants IA5String for this one.
  const email = texts(fields.emailAddress).map((text) => new AttributeValue({ ia5String: text }));
  return new Name([...names, ...relativeName(EMAIL_ADDRESS, email)]);
}
