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
 * Takes tokens, API keys and certificates. Credentials that are given but not valid, or of a kind that nobody checks, are
 * refused even where others of the request would do: what a caller says of itself counts for more than the proxy it came
 * through.
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
    const { certificateScopes } = this.methods;
    const owner = apiKey === undefined ? undefined : this.ownerOf(apiKey);
    if (authorization !== undefined) return this.authorized(authorization);
    if (owner !== undefined) return owner;
    // Without scopes of its own a certificate only lets a connection in; who calls through it must still be proved.
    if (certificateName !== undefined && certificateScopes && certificateScopes.size > 0) {
      return { subject: certificateName, scopes: certificateScopes };
    }
    throw this.missing();
  }

  /** Who an `Authorization` header says that calls. */
  private authorized(authorization: string): Principal | Promise<Principal> {
    const { tokens, apiKeys } = this.methods;
    const [scheme, credential] = schemeOf(authorization);
    if (scheme === "bearer" && tokens) {
      if (credential === "") throw this.missing();
      return tokens.verify(credential);
    }
    if (scheme === "apikey" && apiKeys) {
      if (credential === "") throw this.missing();
      return this.ownerOf(credential);
    }
    throw this.notTaken("Authorization");
  }

  private ownerOf(key: string): Principal {
    const { apiKeys } = this.methods;
    if (apiKeys === undefined) throw this.notTaken("X-API-Key");
    const owner = findApiKey(apiKeys.current, key, this.now());
    if (owner === undefined) throw new ServerError("Unauthenticated", "The API key is not valid.");
    if (owner === "expired") throw new ServerError("Unauthenticated", "The API key has expired.");
    return owner;
  }

  private missing(): ServerError {
    return new ServerError("Unauthenticated", `Credentials are required: ${this.wanted()}.`);
  }

  private notTaken(header: string): ServerError {
    return new ServerError(
      "Unauthenticated",
      `The request's \`${header}\` is of a kind that is not taken here; leave it out and give ${this.wanted()}.`,
    );
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

/** The scheme of an `Authorization` header in lower case, and what follows it. */
function schemeOf(authorization: string): [scheme: string, credential: string] {
  const space = authorization.indexOf(" ");
  if (space < 0) return [authorization.toLowerCase(), ""];
  return [authorization.slice(0, space).toLowerCase(), authorization.slice(space + 1).trim()];
}
