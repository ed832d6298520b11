import assert from "node:assert";
import {
  apiKeys,
  issuedTokens,
  ownTokens,
  passwords,
  withSignIn,
  type NamedCaller,
} from "../../../components/internal/authentication";

const CALLERS: NamedCaller[] = [
  { name: "ci", rights: ["infer"] },
  { name: "operator", rights: ["infer", "admin"] },
  { name: "dashboard", rights: [] },
];

const byName = (...values: string[]) => ({ headers: [{ name: "slipway-client", values }] });

/** Only the header: what stands in a query ends up in logs. */
const FROM_HEADER = { headers: [{ name: "Authorization", valuePrefix: "Bearer " }] };

describe("authentication", () => {
  it("by the platform's own tokens carries the keys in the policy", () => {
    const { spec, callers } = ownTokens({ issuer: "https://slipway.local", audience: "slipway", jwks: "{}" });
    assert.deepEqual(spec, {
      jwt: {
        providers: [
          {
            name: "slipway",
            issuer: "https://slipway.local",
            audiences: ["slipway"],
            localJWKS: { type: "Inline", inline: "{}" },
            extractFrom: FROM_HEADER,
          },
        ],
      },
    });
    assert.deepEqual(callers, {
      admin: { jwt: { provider: "slipway", scopes: ["admin"] } },
      infer: { jwt: { provider: "slipway", scopes: ["infer"] } },
      any: {
        jwt: {
          provider: "slipway",
          claims: [{ name: "iss", valueType: "String", values: ["https://slipway.local"] }],
        },
      },
    });
  });

  const TOKENS = {
    issuer: "https://login.example.com",
    audiences: ["models"],
    jwksUri: "https://login.example.com/jwks.json",
    claims: undefined,
  };

  it("by an issuer's tokens fetches its keys", () => {
    assert.deepEqual(issuedTokens(TOKENS).spec, {
      jwt: {
        providers: [
          {
            name: "slipway",
            issuer: "https://login.example.com",
            audiences: ["models"],
            remoteJWKS: { uri: "https://login.example.com/jwks.json", cacheDuration: "300s" },
            extractFrom: FROM_HEADER,
          },
        ],
      },
    });
  });

  it("by an issuer's tokens takes its keys as they are given, and fetches none then", () => {
    const jwks = '{"keys":[]}';
    const { providers } = issuedTokens({ ...TOKENS, jwksUri: undefined, jwks }).spec.jwt as {
      providers: object[];
    };
    assert.deepEqual(providers, [
      {
        name: "slipway",
        issuer: "https://login.example.com",
        audiences: ["models"],
        localJWKS: { type: "Inline", inline: jwks },
        extractFrom: FROM_HEADER,
      },
    ]);
  });

  it("by signing in sends browsers where it is told, without asking the issuer", () => {
    const endpoints = {
      authorizationEndpoint: "https://login.example.com/authorize",
      tokenEndpoint: "https://login.example.com/token",
    };
    const { spec } = withSignIn(issuedTokens(TOKENS), TOKENS.issuer, {
      clientId: "models",
      secretName: "sign-in",
      scopes: [],
      endpoints,
      redirectPath: "/a",
      logoutPath: "/b",
    });
    assert.deepEqual((spec.oidc as { provider: object }).provider, { issuer: TOKENS.issuer, ...endpoints });
  });

  it("maps claims to rights, and gives nobody a right without a claim", () => {
    const infer = { name: "groups", valueType: "StringArray" as const, values: ["ml"] };
    const { callers } = issuedTokens({ ...TOKENS, claims: { infer } });
    assert.deepEqual(callers.infer, { jwt: { provider: "slipway", claims: [infer] } });
    assert.equal(callers.admin, undefined);
  });

  it("by signing in keeps the check of the token, and hands it the token that the sign-in gives", () => {
    const tokens = issuedTokens(TOKENS);
    const { spec, callers, credentialHeaders } = withSignIn(tokens, TOKENS.issuer, {
      clientId: "models",
      secretName: "sign-in",
      scopes: ["email", "openid"],
      redirectPath: "/oauth2/callback",
      logoutPath: "/oauth2/logout",
    });
    assert.deepEqual(spec.jwt, tokens.spec.jwt);
    assert.deepEqual(callers, tokens.callers);
    assert.deepEqual(spec.oidc, {
      provider: { issuer: "https://login.example.com" },
      clientID: "models",
      clientSecret: { group: "", kind: "Secret", name: "sign-in" },
      scopes: ["openid", "email"],
      redirectURL: "https://%REQ(:authority)%/oauth2/callback",
      logoutPath: "/oauth2/logout",
      cookieConfig: { sameSite: "Lax" },
      denyRedirect: {
        headers: [
          { name: "Sec-Fetch-Mode", type: "Exact", value: "cors" },
          { name: "X-Requested-With", type: "Exact", value: "XMLHttpRequest" },
          { name: "Content-Type", type: "Prefix", value: "application/" },
        ],
      },
      forwardAccessToken: true,
      refreshToken: true,
      passThroughAuthHeader: true,
    });
    assert.deepEqual(credentialHeaders, ["Authorization", "Cookie"]);
  });

  it("by keys tells clients apart by the name that the gateway sets, and shows servers no key", () => {
    const { spec, callers } = apiKeys("keys", "X-API-Key", CALLERS);
    assert.deepEqual(spec, {
      apiKeyAuth: {
        credentialRefs: [{ group: "", kind: "Secret", name: "keys" }],
        extractFrom: [{ headers: ["X-API-Key"] }],
        forwardClientIDHeader: "slipway-client",
        sanitize: true,
      },
    });
    assert.deepEqual(callers, {
      admin: byName("operator"),
      infer: byName("ci", "operator"),
      any: byName("ci", "operator", "dashboard"),
    });
  });

  it("by passwords does the same", () => {
    const { spec, callers, credentialHeaders } = passwords("users", [CALLERS[0]!]);
    assert.deepEqual(spec, {
      basicAuth: {
        users: { group: "", kind: "Secret", name: "users" },
        forwardUsernameHeader: "slipway-client",
      },
    });
    assert.equal(callers.admin, undefined);
    assert.deepEqual(callers.infer, byName("ci"));
    assert.deepEqual(credentialHeaders, ["Authorization"]);
  });
});
