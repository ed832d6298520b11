import type * as pulumi from "@pulumi/pulumi";
import type { Authentication, Principal, TokenRules } from "./authorization";

/** The rights that a caller can have beyond reading. */
export const RIGHTS = ["infer", "admin"] as const;

export type Right = (typeof RIGHTS)[number];

/** Name of the JWT provider in policies. */
export const PROVIDER = "slipway";

/**
 * Request header with the name of the client whose key or password was right. The gateway sets it anew on every request, so
 * that no client can claim another's name, and authorization rules can rely on it.
 */
export const CLIENT_HEADER = "slipway-client";

/** A claim that stands for a right: one of the values must be in it. */
export interface ClaimMatch {
  readonly name: string;
  readonly valueType: "String" | "StringArray";
  readonly values: readonly string[];
}

/** Tokens of somebody else's issuer. */
export interface IssuedTokens {
  readonly issuer: string;
  readonly audiences: readonly string[];
  /** Where its keys are fetched, unless they are in `jwks`. */
  readonly jwksUri?: string | undefined;
  readonly jwks?: pulumi.Input<string> | undefined;
  /** Undefined takes the scopes `infer` and `admin`. */
  readonly claims: Readonly<Partial<Record<Right, ClaimMatch>>> | undefined;
}

/** How people sign in with a browser. */
export interface SignIn {
  readonly clientId: pulumi.Input<string>;
  /** Secret with the client's secret. */
  readonly secretName: pulumi.Input<string>;
  readonly scopes: readonly string[];
  /** Undefined where Envoy Gateway asks the issuer for them. */
  readonly endpoints?: { readonly authorizationEndpoint: string; readonly tokenEndpoint: string } | undefined;
  readonly redirectPath: string;
  readonly logoutPath: string;
}

/** A client or user by name, and what they may. */
export interface NamedCaller {
  readonly name: string;
  readonly rights: readonly Right[];
}

const byClaims = (...claims: object[]): Principal => ({ jwt: { provider: PROVIDER, claims } });
const byScope = (scope: string): Principal => ({ jwt: { provider: PROVIDER, scopes: [scope] } });

function jwtAuthentication(
  issuer: pulumi.Input<string>,
  audiences: readonly pulumi.Input<string>[],
  keys: object,
  claims?: IssuedTokens["claims"],
): Authentication {
  const principal = (right: Right): Principal | undefined => {
    if (claims === undefined) return byScope(right);
    const claim = claims[right];
    return claim === undefined ? undefined : byClaims({ ...claim, values: [...claim.values] });
  };
  return {
    spec: {
      jwt: {
        providers: [
          {
            name: PROVIDER,
            issuer,
            audiences: [...audiences],
            ...keys,
            // Only the header: by default a token in the query would do too, and queries end up in access logs.
            extractFrom: { headers: [{ name: "Authorization", valuePrefix: "Bearer " }] },
          },
        ],
      },
    },
    callers: {
      admin: principal("admin"),
      infer: principal("infer"),
      // Envoy Gateway has no rule without a claim, and the issuer is in every token.
      any: byClaims({ name: "iss", valueType: "String", values: [issuer] }),
    },
    credentialHeaders: ["Authorization"],
  };
}

/** Tokens of a TokenAuthority, whose keys stand in the policy itself: no request depends on a key server. */
export function ownTokens({ issuer, audience, jwks }: TokenRules): Authentication {
  return jwtAuthentication(issuer, [audience], inlineKeys(jwks));
}

function inlineKeys(jwks: pulumi.Input<string>): object {
  return { localJWKS: { type: "Inline", inline: jwks } };
}

/** Tokens of somebody else's issuer; where the proxies fetch its keys, they keep them for five minutes. */
export function issuedTokens({ issuer, audiences, jwksUri, jwks, claims }: IssuedTokens): Authentication {
  const keys =
    jwks === undefined ? { remoteJWKS: { uri: jwksUri, cacheDuration: "300s" } } : inlineKeys(jwks);
  return jwtAuthentication(issuer, audiences, keys, claims);
}

/** Requests that a redirect would only confuse: scripts and uploads get 401, and can send a token. */
const NEVER_REDIRECTED = [
  { name: "Sec-Fetch-Mode", type: "Exact", value: "cors" },
  { name: "X-Requested-With", type: "Exact", value: "XMLHttpRequest" },
  { name: "Content-Type", type: "Prefix", value: "application/" },
];

/**
 * Tokens, and for who brings none a way to get one with a browser. Either way the token is checked by the same rules: a request
 * with a token skips the sign-in, and what the sign-in gives is put where tokens are looked for.
 */
export function withSignIn(tokens: Authentication, issuer: string, signIn: SignIn): Authentication {
  return {
    ...tokens,
    spec: {
      ...tokens.spec,
      oidc: {
        provider: { issuer, ...signIn.endpoints },
        clientID: signIn.clientId,
        clientSecret: { group: "", kind: "Secret", name: signIn.secretName },
        scopes: [...new Set(["openid", ...signIn.scopes])],
        redirectURL: `https://%REQ(:authority)%${signIn.redirectPath}`,
        logoutPath: signIn.logoutPath,
        // Never sent along with what another site makes a browser do, but for following a link.
        cookieConfig: { sameSite: "Lax" },
        denyRedirect: { headers: NEVER_REDIRECTED },
        forwardAccessToken: true,
        refreshToken: true,
        passThroughAuthHeader: true,
      },
    },
    credentialHeaders: [...tokens.credentialHeaders, "Cookie"],
  };
}

function namedCallers(callers: readonly NamedCaller[]): Authentication["callers"] {
  const named = (names: readonly string[]): Principal => ({
    headers: [{ name: CLIENT_HEADER, values: [...names] }],
  });
  const holders = (right: Right): Principal | undefined => {
    const names = callers.filter(({ rights }) => rights.includes(right)).map(({ name }) => name);
    return names.length === 0 ? undefined : named(names);
  };
  return { admin: holders("admin"), infer: holders("infer"), any: named(callers.map(({ name }) => name)) };
}

/** API keys in a header; the server sees the client's name instead of its key. */
export function apiKeys(
  secretName: pulumi.Input<string>,
  header: string,
  clients: readonly NamedCaller[],
): Authentication {
  return {
    spec: {
      apiKeyAuth: {
        credentialRefs: [{ group: "", kind: "Secret", name: secretName }],
        extractFrom: [{ headers: [header] }],
        forwardClientIDHeader: CLIENT_HEADER,
        sanitize: true,
      },
    },
    callers: namedCallers(clients),
    credentialHeaders: ["Authorization", header],
  };
}

/** Names and passwords. */
export function passwords(secretName: pulumi.Input<string>, users: readonly NamedCaller[]): Authentication {
  return {
    spec: {
      basicAuth: {
        users: { group: "", kind: "Secret", name: secretName },
        forwardUsernameHeader: CLIENT_HEADER,
      },
    },
    callers: namedCallers(users),
    credentialHeaders: ["Authorization"],
  };
}
