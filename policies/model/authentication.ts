import type { Field } from "./field";

/** Each way in which a SecurityPolicy of Envoy Gateway can ask callers who they are. */
const METHODS: readonly ((spec: Field) => boolean)[] = [
  (spec) =>
    spec.get("jwt", "providers").items().length > 0 && isStrict(spec.get("jwt"), "optional", "failOpen"),
  (spec) => spec.get("apiKeyAuth", "credentialRefs").items().length > 0,
  (spec) => spec.get("basicAuth", "users").exists(),
  (spec) => spec.get("oidc", "provider").exists(),
  (spec) =>
    ["grpc", "http"].some((protocol) => spec.get("extAuth", protocol).exists()) &&
    isStrict(spec.get("extAuth"), "failOpen"),
];

function isStrict(method: Field, ...loopholes: readonly string[]): boolean {
  return loopholes.every((name) => method.get(name).isOff());
}

/**
 * Whether a SecurityPolicy's spec makes callers prove who they are. CORS, CSRF and rules on addresses do not;
 * neither does a method that tolerates a missing token or fails open.
 * @throws UnknownRead
 */
export function authenticates(spec: Field): boolean {
  return METHODS.some((method) => method(spec));
}
