import type { Field } from "../../model/field";
import { eachRule } from "../../model/input-rule";

const EXTERNAL_AUTHORIZATION = /ext_authz/;

/** Istio's own filters that ask a service, by the name or the type that Envoy knows them by. @throws UnknownRead */
function patches(fields: Field): Field[] {
  return fields
    .all(["spec", "configPatches", "*", "patch", "value"])
    .filter((value) =>
      [value.get("name"), value.get("typed_config", "@type")].some((name) =>
        EXTERNAL_AUTHORIZATION.test(name.string() ?? ""),
      ),
    )
    .map((value) => value.get("typed_config", "failure_mode_allow"));
}

export const externalAuthorizationFailOpen = eachRule<Field>(
  {
    id: "external-authorization-fail-open",
    title: "External authorization fails closed",
    severity: "high",
    description:
      "With `failOpen` everybody is allowed everything while the service that decides is down, slow or made to be: the other checks of a policy say who somebody is, and not what is theirs.",
    remediation: "extAuth: { http: { backendRefs }, failOpen: false } // false where nothing is set",
    types: [
      "kubernetes:gateway.envoyproxy.io/*:SecurityPolicy",
      "kubernetes:projectcontour.io/*:HTTPProxy",
      "kubernetes:networking.istio.io/*:EnvoyFilter",
    ],
    controls: [],
  },
  (fields) => [
    fields.get("spec", "extAuth", "failOpen"),
    fields.get("spec", "virtualhost", "authorization", "failOpen"),
    ...patches(fields),
  ],
  (setting) => (setting.isTrue() ? `must not set \`${setting.path}\` true.` : undefined),
);
