import type { ResourceRule } from "../../model/rule";

export const tokenKeySource: ResourceRule = {
  id: "token-key-source",
  title: "Keys and sessions of tokens come over TLS",
  severity: "critical",
  description: "Whoever answers a plain-text request for the key set chooses which tokens are valid.",
  remediation:
    'jwt: { providers: [{ name, issuer, audiences, remoteJWKS: { uri: "https://issuer.example/jwks.json" } }] }',
  types: ["kubernetes:gateway.envoyproxy.io/*:SecurityPolicy"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    const spec = subject.fields.get("spec");
    const addresses = [
      ...spec.all(["jwt", "providers", "*", "remoteJWKS", "uri"]),
      spec.get("oidc", "provider", "issuer"),
      spec.get("oidc", "provider", "tokenEndpoint"),
      spec.get("oidc", "provider", "authorizationEndpoint"),
    ];
    for (const address of addresses) {
      verdict.judge(subject, () => {
        if (/^http:/i.test(address.string() ?? "")) {
          verdict.fail(subject, `must use https in \`${address.path}\`, not ${address.show()}.`);
        }
      });
    }
  },
};
