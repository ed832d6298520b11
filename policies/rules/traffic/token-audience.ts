import type { ResourceRule } from "../../model/rule";

export const tokenAudience: ResourceRule = {
  id: "token-audience",
  title: "Tokens are accepted for this service only",
  severity: "high",
  description:
    "Without issuer and audience the gateway accepts every token signed by the same key, also those made for other services.",
  remediation:
    'jwt: { providers: [{ name, issuer: "https://issuer.example", audiences: ["slipway"], localJWKS }] }',
  types: ["kubernetes:gateway.envoyproxy.io/*:SecurityPolicy"],
  controls: [],
  scope: "resource",
  check(subject, verdict) {
    for (const provider of subject.fields.get("spec", "jwt", "providers").items()) {
      verdict.judge(subject, () => {
        const missing = [
          ...((provider.get("issuer").string() ?? "") === "" ? ["issuer"] : []),
          ...(provider.get("audiences").strings().length === 0 ? ["audiences"] : []),
        ];
        if (missing.length === 0) return;
        verdict.fail(
          subject,
          `must set ${missing.join(" and ")} of JWT provider \`${provider.get("name").show()}\`.`,
        );
      });
    }
  },
};
