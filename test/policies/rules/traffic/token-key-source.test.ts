import { UNKNOWN } from "../../../../policies/testing";
import { tokenKeySource } from "../../../../policies/rules/traffic/token-key-source";
import { describeRule } from "../../support/describe-rule";
import { set } from "../../support/edits";

const keys = (uri: unknown) => set("security", "spec.jwt.providers.0.remoteJWKS", { uri });
const oidc = (provider: Record<string, unknown>) =>
  set("security", "spec.oidc", { provider, clientID: "slipway" });

describeRule(tokenKeySource, {
  good: {
    "over TLS": keys("https://issuer.example/jwks.json"),
    OIDC: oidc({ issuer: "https://issuer.example" }),
  },
  bad: {
    "in plain text": keys("http://issuer.example/jwks.json"),
    "OIDC in plain text": oidc({ issuer: "http://issuer.example" }),
  },
  partial: {
    "one endpoint of two": oidc({
      issuer: "https://issuer.example",
      tokenEndpoint: "HTTP://issuer.example/token",
    }),
  },
  notJudged: { number: keys(80) },
  unknown: { address: keys(UNKNOWN) },
});
