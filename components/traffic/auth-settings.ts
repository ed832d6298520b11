import type * as pulumi from "@pulumi/pulumi";

/** A claim of tokens that stands for a right. */
export interface ClaimRule {
  /** Name of the claim; a dot leads into it, as in `realm_access.roles`. */
  readonly name: string;
  /** The caller has the right where one of these is in the claim. */
  readonly values: readonly string[];
  /**
   * What the claim holds: a list of texts, or one text that must be equal.
   * @default "StringArray"
   */
  readonly valueType?: "String" | "StringArray";
}

/** Which claims stand for the rights; a right without one is nobody's. */
export interface ClaimRules {
  /**
   * Who may infer.
   * @default nobody
   */
  readonly infer?: ClaimRule;
  /**
   * Who may load and unload models, and everything else.
   * @default nobody
   */
  readonly admin?: ClaimRule;
}

/** Tokens of an issuer of one's own; ask for all three of issuer, audiences and keys: `jwksUri`, or `jwks`. */
export interface JwtAuth {
  /** The tokens' `iss`. */
  readonly issuer: string;
  /** The tokens' `aud` must name one of these; at most 8. */
  readonly audiences: readonly string[];
  /**
   * Address of the issuer's key set, `https` only; its certificate must be by an authority that is publicly trusted.
   * @default none: `jwks` is the key set itself
   */
  readonly jwksUri?: string;
  /**
   * The key set itself (JSON Web Key Set, public keys alone), where the proxies have no way to the issuer: a new key then takes an
   * update.
   * @default none: it is fetched from `jwksUri`
   */
  readonly jwks?: pulumi.Input<string>;
  /**
   * Which claims stand for the rights.
   * @default the scopes `infer` and `admin` in the claim `scope`
   */
  readonly claims?: ClaimRules;
}

/**
 * Signing in with a browser (OpenID Connect), on the services' own hosts. Goes with `jwt` of the same issuer, whose rules check
 * the token that a sign-in gives: it must be a JSON web token.
 */
export interface OidcAuth {
  /** The client, as the issuer knows it; `https://SERVICE.HOST` with `redirectPath` must be among its redirect addresses. */
  readonly clientId: pulumi.Input<string>;
  /** The client's secret; kept as a secret. */
  readonly clientSecret: pulumi.Input<string>;
  /**
   * Scopes to ask for, besides `openid`.
   * @default []
   */
  readonly scopes?: readonly string[];
  /**
   * Address to which browsers are sent to sign in, with `tokenEndpoint`.
   * @default what the issuer says of itself, whom Envoy Gateway asks
   */
  readonly authorizationEndpoint?: string;
  /**
   * Address that the proxies get tokens from, with `authorizationEndpoint`.
   * @default what the issuer says of itself
   */
  readonly tokenEndpoint?: string;
  /**
   * Path to which the issuer sends people back.
   * @default "/oauth2/callback"
   */
  readonly redirectPath?: string;
  /**
   * Path that signs people out.
   * @default "/oauth2/logout"
   */
  readonly logoutPath?: string;
}

/** A client with an API key. */
export interface ApiKeyClient {
  /** The key, at least 32 characters without blanks; kept as a secret. */
  readonly key: pulumi.Input<string>;
  /**
   * What it may do beyond reading.
   * @default ["infer"]
   */
  readonly scopes?: readonly ("infer" | "admin")[];
}

/** API keys in a request header. */
export interface ApiKeyAuth {
  /** The clients by name; servers see the name in the header `slipway-client`. */
  readonly clients: Readonly<Record<string, ApiKeyClient>>;
  /**
   * The header that keys are sent in; they are taken from no other place, and no server sees them.
   * @default "X-API-Key"
   */
  readonly header?: string;
}

/** A user with a password. */
export interface BasicUser {
  /** The password, at least 20 characters, because Envoy keeps it as an unsalted SHA-1; kept as a secret. */
  readonly password: pulumi.Input<string>;
  /**
   * What the user may do beyond reading.
   * @default ["infer"]
   */
  readonly scopes?: readonly ("infer" | "admin")[];
}

/** Names and passwords (HTTP basic authentication). */
export interface BasicAuth {
  /** The users by name; servers see the name in the header `slipway-client`. */
  readonly users: Readonly<Record<string, BasicUser>>;
}

/**
 * How routes ask callers who they are. Envoy Gateway asks for everything that a policy names at once, so one kind is taken:
 * `jwt`, `apiKeys` or `basic`; `oidc` adds a sign-in to `jwt`.
 */
export interface RouteAuth {
  /**
   * Tokens of an issuer of one's own.
   * @default tokens of the TokenAuthority, where no other kind is named
   */
  readonly jwt?: JwtAuth;
  /**
   * Signing in with a browser.
   * @default none
   */
  readonly oidc?: OidcAuth;
  /**
   * API keys.
   * @default none
   */
  readonly apiKeys?: ApiKeyAuth;
  /**
   * Names and passwords.
   * @default none
   */
  readonly basic?: BasicAuth;
}

/** Client certificates (mutual TLS), asked for besides the credentials: they say which machine calls, not what it may do. */
export interface MutualTls {
  /** The authorities of clients, PEM; one or more certificates. */
  readonly caCertificates: pulumi.Input<string>;
  /**
   * DNS names of which a certificate must have one.
   * @default any certificate of the authorities
   */
  readonly dnsNames?: readonly string[];
  /**
   * URIs of which a certificate must have one, as in `spiffe://example.com/team`.
   * @default any certificate of the authorities
   */
  readonly uris?: readonly string[];
}

/** How a gateway asks callers who they are. */
export interface GatewayAuth extends RouteAuth {
  /**
   * Client certificates besides.
   * @default none
   */
  readonly mtls?: MutualTls;
}

/** Defaults; a test ties each to its `@default` above. */
export const AUTH_DEFAULTS = {
  valueType: "StringArray",
  scopes: ["infer"],
  redirectPath: "/oauth2/callback",
  logoutPath: "/oauth2/logout",
  header: "X-API-Key",
} as const satisfies {
  scopes: ApiKeyClient["scopes"];
  header: string;
  redirectPath: string;
  logoutPath: string;
  valueType: ClaimRule["valueType"];
};
