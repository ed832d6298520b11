import { alternativeName, isIpAddress } from "../alternative-names";
import { createHash } from "node:crypto";
import { algorithmOf, readPrivateKey } from "../keys";
import { createRequest } from "../request";
import { distinguishedName } from "../subject";
import type { Inputs, TlsResource } from "./resource";
import { required } from "./resource";
import type { CheckFailure } from "../../shared/provider";

/** The names that a certificate or a request is for. */
export function alternativeNamesOf(inputs: Inputs) {
  return alternativeName({
    dnsNames: inputs.texts("dnsNames"),
    ipAddresses: inputs.texts("ipAddresses"),
    uris: inputs.texts("uris"),
  });
}

export function checkIpAddresses(inputs: Inputs): CheckFailure[] {
  return inputs.texts("ipAddresses").flatMap((address) => {
    if (isIpAddress(address)) return [];
    return [
      { property: "ipAddresses", reason: `\`ipAddresses\` ("${address}") must hold IP addresses only.` },
    ];
  });
}

/** The key that a program gives either as an input or as one that is never stored. */
export function signingKey(inputs: Inputs, name: string) {
  const pem = inputs.text(name) ?? inputs.text(`${name}Wo`);
  if (pem === undefined) throw new Error(`\`${name}\` is required.`);
  return readPrivateKey(pem, name);
}

/** `tls:index/certRequest:CertRequest` */
export const certRequest: TlsResource = {
  defaults: {},
  computed: ["certRequestPem", "keyAlgorithm"],
  secret: ["privateKeyPem"],
  updatable: [],
  check: (inputs) => [...required(inputs, "privateKeyPem", "privateKeyPemWo"), ...checkIpAddresses(inputs)],
  async create(inputs) {
    const key = signingKey(inputs, "privateKeyPem");
    const certRequestPem = createRequest(
      distinguishedName(inputs.value("subject")),
      alternativeNamesOf(inputs),
      key,
    );
    // As the official provider makes the ID.
    const id = createHash("sha1").update(certRequestPem.trim()).digest("hex");
    return { id, computed: { certRequestPem, keyAlgorithm: algorithmOf(key) } };
  },
};
