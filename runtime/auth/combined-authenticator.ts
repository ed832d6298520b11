import { ServerError } from "../errors";
import { findApiKey, type ApiKeys } from "./api-keys";
import type { Authenticator, Credentials, Principal, Scope } from "./authenticator";

/** The ways in which a caller may prove who it is; at least one of them. */
export interface Methods {
  readonly tokens?: { verify(token: string): Principal | Promise<Principal>; close(): void };
  readonly apiKeys?: { readonly current: ApiKeys; close(): void };
  /** What a client's certificate grants; empty where it proves the connection only. */
  readonly certificateScopes?: ReadonlySet<Scope>;
  /** Milliseconds of the epoch; replaced in tests. @default Date.now */
  readonly now?: () => number;
}

/**
 * Takes tokens, API keys and certificates. Credentials that are given but not valid are refused even where the
 * connection's certificate would do: what a caller says of itself counts for more than the proxy it came through.
 */
export class CombinedAuthenticator implements Authenticator {
  readonly challenge: string;
  private readonly now: () => number;

  constructor(private readonly methods: Methods) {
    this.now = methods.now ?? Date.now;
    const schemes = [methods.tokens && 'Bearer realm="slipway"', methods.apiKeys && 'ApiKey realm="slipway"'];
    this.challenge = schemes.filter(Boolean).join(", ") || "Certificate";
  }

  authorize(credentials: Credentials, scope: Scope): Principal | Promise<Principal> {
    const principal = this.authenticate(credentials);
    if (principal instanceof Promise) return principal.then((found) => permitted(found, scope));
    return permitted(principal, scope);
  }

  close(): void {
    this.methods.tokens?.close();
    this.methods.apiKeys?.close();
  }

  private authenticate({
    authorization,
    apiKey,
    certificateName,
  }: Credentials): Principal | Promise<Principal> {
    const { tokens, apiKeys, certificateScopes } = this.methods;
    if (tokens) {
      const token = afterScheme("bearer", authorization);
      if (token !== undefined) return tokens.verify(token);
    }
    if (apiKeys) {
      const key = apiKey ?? afterScheme("apikey", authorization);
      if (key !== undefined) return this.ownerOf(apiKeys.current, key);
    }
    // Without scopes of its own a certificate only lets a connection in; who calls through it must still be proved.
    if (certificateName !== undefined && certificateScopes && certificateScopes.size > 0) {
      return { subject: certificateName, scopes: certificateScopes };
    }
    throw new ServerError("Unauthenticated", `Credentials are required: ${this.wanted()}.`);
  }

  private ownerOf(keys: ApiKeys, key: string): Principal {
    const owner = findApiKey(keys, key, this.now());
    if (owner === undefined) throw new ServerError("Unauthenticated", "The API key is not valid.");
    if (owner === "expired") throw new ServerError("Unauthenticated", "The API key has expired.");
    return owner;
  }

  private wanted(): string {
    const { tokens, apiKeys, certificateScopes } = this.methods;
    const ways = [
      tokens && "a token as `Authorization: Bearer …`",
      apiKeys && "an API key as `X-API-Key: …`",
      certificateScopes && certificateScopes.size > 0 && "a client certificate",
    ];
    return ways.filter(Boolean).join(" or ");
  }
}

function permitted(principal: Principal, scope: Scope): Principal {
  if (principal.scopes.has(scope)) return principal;
  const scopes = [...principal.scopes].join(", ") || "none";
  throw new ServerError(
    "PermissionDenied",
    `\`${principal.subject}\` lacks the scope \`${scope}\` that this needs; it has ${scopes}.`,
  );
}

/** What follows the scheme of an `Authorization` header, if it is that scheme. */
function afterScheme(scheme: string, authorization: string | undefined): string | undefined {
  if (authorization === undefined || authorization.length <= scheme.length) return undefined;
  if (authorization.charCodeAt(scheme.length) !== 32) return undefined;
  if (authorization.slice(0, scheme.length).toLowerCase() !== scheme) return undefined;
  return authorization.slice(scheme.length + 1).trim();
}
