import { ofKind, typesOfKinds } from "../../model/by-kind";
import { Field } from "../../model/field";
import { carriesCredential, credentialInHeader } from "../../model/header-credentials";
import { eachRule } from "../../model/input-rule";
import type { Subject } from "../../model/subject";

/** A header as a route writes it. */
interface Header {
  readonly name: string;
  readonly value: Field;
}

/** None where the value is not known and the name says nothing: that comes from another resource, not from the text of the program. */
function header(name: string, value: Field): Header[] {
  return value.isUnknown && !carriesCredential(name) ? [] : [{ name, value }];
}

/** `{ name, value }` in a list, or names and values in an object, as the kinds have it. @throws UnknownRead */
function headersAt(place: Field): Header[] {
  const listed = place.items().flatMap((item) => header(item.get("name").string() ?? "", item.get("value")));
  return [...listed, ...place.entries().flatMap(([name, value]) => header(name, value))];
}

/** `x-api-key:text` and `x-api-key text`: a header in a line. */
function headersIn(line: string): Header[] {
  const [, name, value] = /^\s*([\w-]+)(?:\s*:\s*|\s+)(.*)$/s.exec(line) ?? [];
  return name === undefined || value === undefined ? [] : [{ name, value: new Field(value) }];
}

const CHANGES = ["set", "add"];

/** Paths of modifiers, each with lists of headers to set and to add. */
const modified =
  (...paths: readonly string[]) =>
  (fields: Field): Header[] =>
    paths
      .flatMap((path) => fields.all(path.split(".")))
      .flatMap((modifier) => CHANGES.flatMap((change) => headersAt(modifier.get(change))));

const GATEWAY_ROUTE = modified(
  ...["spec.rules.*.filters.*", "spec.rules.*.backendRefs.*.filters.*"].flatMap((filter) =>
    ["requestHeaderModifier", "responseHeaderModifier"].map((modifier) => `${filter}.${modifier}`),
  ),
);

const CONTOUR = modified(
  ...["spec.virtualhost", "spec.routes.*", "spec.routes.*.services.*"].flatMap((owner) =>
    ["requestHeadersPolicy", "responseHeadersPolicy"].map((policy) => `${owner}.${policy}`),
  ),
);

const ISTIO = modified(
  ...["spec.http.*.headers", "spec.http.*.route.*.headers"].flatMap((owner) =>
    ["request", "response"].map((direction) => `${owner}.${direction}`),
  ),
);

const TRAEFIK = (fields: Field): Header[] =>
  ["customRequestHeaders", "customResponseHeaders"].flatMap((list) =>
    headersAt(fields.get("spec", "headers", list)),
  );

const KONG = (fields: Field): Header[] =>
  ["add", "replace", "append"].flatMap((change) =>
    fields
      .get("config", change, "headers")
      .items()
      .flatMap((line) => (line.isUnknown ? [] : headersIn(line.string() ?? ""))),
  );

/** Annotations whose value is headers, a line each. */
const HEADER_ANNOTATIONS = /^(?:haproxy\.org|haproxy-ingress\.github\.io)\/(?:request-set-header|headers)$/;

const INGRESS = (fields: Field): Header[] =>
  fields
    .get("metadata", "annotations")
    .entries()
    .filter(([key, value]) => HEADER_ANNOTATIONS.test(key) && !value.isUnknown)
    .flatMap(([, value]) => (value.string() ?? "").split("\n").flatMap(headersIn));

const HEADERS: Readonly<Record<string, (fields: Field) => Header[]>> = {
  "gateway.networking.k8s.io/HTTPRoute": GATEWAY_ROUTE,
  "gateway.networking.k8s.io/GRPCRoute": GATEWAY_ROUTE,
  "gateway.envoyproxy.io/ClientTrafficPolicy": modified(
    "spec.headers.earlyRequestHeaders",
    "spec.headers.lateResponseHeaders",
  ),
  "projectcontour.io/HTTPProxy": CONTOUR,
  "networking.istio.io/VirtualService": ISTIO,
  "traefik.io/Middleware": TRAEFIK,
  "traefik.containo.us/Middleware": TRAEFIK,
  "configuration.konghq.com/KongPlugin": KONG,
  "configuration.konghq.com/KongClusterPlugin": KONG,
  "networking.k8s.io/Ingress": INGRESS,
};

function headersOf(fields: Field, { type }: Subject): Header[] {
  return ofKind(HEADERS, type)?.(fields) ?? [];
}

export const routeHeaderCredential = eachRule<Header>(
  {
    id: "route-header-credential",
    title: "Routes add no credentials of their own to requests",
    severity: "critical",
    description:
      "A route is readable by everyone who may look at routes, and stands in Pulumi's state and in etcd as plain text: the key of a provider in it is everybody's.",
    remediation:
      '// An HTTPRouteFilter with credentialInjection: { credential: { valueRef: { name: secret.metadata.name } } }\nfilters: [{ type: "ExtensionRef", extensionRef: { group: "gateway.envoyproxy.io", kind: "HTTPRouteFilter", name } }]',
    types: typesOfKinds(HEADERS),
    controls: [],
  },
  headersOf,
  ({ name, value }) => {
    const found = credentialInHeader(name, value.string() ?? "");
    return found && `must not hold ${found} (header \`${name}\`).`;
  },
);
