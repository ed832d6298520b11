import type { Field } from "../../model/field";
import { eachRule } from "../../model/input-rule";

/** Addresses of the node itself and of its link, the metadata service among them. */
const LOCAL =
  /^(?:127\.|169\.254\.|0\.0\.0\.0$)|^(?:::1?|fe[89ab][0-9a-f]:.*|::ffff:(?:127\.|169\.254\.).*)$/i;

/** Of an EndpointSlice and of an Endpoints. @throws UnknownRead */
function addressesOf(fields: Field): Field[] {
  return [
    ...fields.all(["endpoints", "*", "addresses", "*"]),
    ...fields.all(["subsets", "*", "addresses", "*", "ip"]),
  ];
}

export const endpointsLocalAddress = eachRule<Field>(
  {
    id: "endpoints-local-address",
    title: "Endpoints are no addresses of the node itself",
    severity: "high",
    description:
      "An endpoint on 127.0.0.1 or 169.254.0.0/16 leads whoever calls the Service to what listens on the node for itself alone, the metadata service included (CVE-2021-25737).",
    remediation: 'endpoints: [{ addresses: ["10.1.2.3"] }]',
    types: ["kubernetes:discovery.k8s.io/*:EndpointSlice", "kubernetes:core/*:Endpoints"],
    controls: [],
  },
  addressesOf,
  (address) =>
    LOCAL.test(address.string()?.trim() ?? "")
      ? `must not send callers to \`${address.show()}\`, an address of the node itself.`
      : undefined,
);
