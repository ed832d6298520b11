import { routeHeaderCredential } from "../../../../policies/rules/secrets/route-header-credential";
import { UNKNOWN } from "../../../../policies/testing";
import { describeRule } from "../../support/describe-rule";
import { put, set } from "../../support/edits";

const KEY = "k-51c0a9e27d3b4f8894e6";

const filter = (headers: unknown, change = "set", modifier = "requestHeaderModifier", role = "route") =>
  set(role, "spec.rules.0.filters", [{ type: "RequestHeaderModifier", [modifier]: { [change]: headers } }]);

const header = (name: string, value: unknown) => filter([{ name, value }]);

const other = (type: string, spec: Record<string, unknown>) =>
  put("other", `kubernetes:${type}`, { metadata: { name: "other", namespace: "team" }, ...spec });

describeRule(routeHeaderCredential, {
  good: {
    "another header": header("x-tenant", "shop"),
    "a key that is no secret": header("x-route-key", "blue-green"),
    "a key of a cache": header("surrogate-key", "model-7f31c0a9e27d3b"),
    "of the request": header("authorization", "%REQ(x-original-authorization)%"),
    "taken away": header("authorization", ""),
    "a cookie of the gateway": filter([{ name: "set-cookie", value: "lang=en; Path=/" }], "add"),
    "of another resource": header("x-tenant", UNKNOWN),
    "a switch": header("x-pre-auth", "true"),
    "a name": header("x-model-key", "llama-3-70b-instruct"),
    "a cookie that callers come back to their slot by": filter(
      [{ name: "Set-Cookie", value: "slipway-text=3f9a1c77d2; Max-Age=3600; Path=/; Secure; HttpOnly" }],
      "add",
    ),
    "a cookie of words": filter([{ name: "set-cookie", value: "theme=solarized-dark; Path=/" }], "add"),
    "removed by name": filter(["authorization"], "remove"),
    "an annotation of something else": set("ingress", "metadata.annotations", {
      "haproxy.org/request-set-header": 'x-tenant "shop"',
    }),
  },
  bad: {
    "a provider's key": header("x-provider-key", KEY),
    "an authorization": header("Authorization", "Bearer abcdefgh"),
    "an API key of whatever text": filter([{ name: "x-api-key", value: "letters" }], "add"),
    "a token in any header": header("x-upstream", `ghp_${"a1".repeat(18)}`),
    "a session": header("cookie", "session=5d41402abc4b2a76b9719d911017c592"),
    "in a response": filter([{ name: "x-auth-token", value: KEY }], "set", "responseHeaderModifier"),
    "of a GRPCRoute": filter(
      [{ name: "x-access-token", value: KEY }],
      "set",
      "requestHeaderModifier",
      "grpcRoute",
    ),
    "for one backend": set("route", "spec.rules.0.backendRefs.0.filters", [
      { type: "RequestHeaderModifier", requestHeaderModifier: { set: [{ name: "apikey", value: KEY }] } },
    ]),
    "before the route": set("clientTraffic", "spec.headers", {
      earlyRequestHeaders: { add: [{ name: "x-vault-token", value: KEY }] },
    }),
    Istio: other("networking.istio.io/v1:VirtualService", {
      spec: { http: [{ headers: { request: { set: { authorization: "Basic dXNlcjpwYXNz" } } } }] },
    }),
    Contour: other("projectcontour.io/v1:HTTPProxy", {
      spec: { routes: [{ requestHeadersPolicy: { set: [{ name: "X-Api-Key", value: KEY }] } }] },
    }),
    Traefik: other("traefik.io/v1alpha1:Middleware", {
      spec: { headers: { customRequestHeaders: { "X-Api-Key": KEY } } },
    }),
    Kong: other("configuration.konghq.com/v1:KongPlugin", {
      plugin: "request-transformer",
      config: { add: { headers: [`x-api-key:${KEY}`] } },
    }),
    HAProxy: set("ingress", "metadata.annotations", {
      "haproxy.org/request-set-header": `x-tenant shop\nAuthorization "Bearer ${KEY}"`,
    }),
  },
  partial: {
    "one of two": filter([
      { name: "x-tenant", value: "shop" },
      { name: "x-api-key", value: KEY },
    ]),
    "one of two, the other not known": filter([
      { name: "x-one-token", value: UNKNOWN },
      { name: "x-api-key", value: KEY },
    ]),
  },
  notJudged: { "a number": header("x-api-key", 7), "a text for a list": filter("x-api-key") },
  unknown: {
    filters: set("route", "spec.rules.0.filters", UNKNOWN),
    headers: filter(UNKNOWN),
    value: header("x-api-key", UNKNOWN),
    name: filter([{ name: UNKNOWN, value: KEY }]),
  },
});
