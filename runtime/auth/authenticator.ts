/** What a caller may do: run models, change the repository, read metrics. */
export const SCOPES = ["infer", "admin", "metrics"] as const;
export type Scope = (typeof SCOPES)[number];

/** Who calls, as far as the credentials proved it. */
export interface Principal {
  /** A name for logs and fairness: the token's subject, the key's name, the certificate's common name. */
  readonly subject: string;
  readonly scopes: ReadonlySet<Scope>;
}

/** What a request brings along to prove who sent it. */
export interface Credentials {
  /** The `Authorization` header or metadata. */
  readonly authorization: string | undefined;
  /** The `X-API-Key` header or metadata. */
  readonly apiKey: string | undefined;
  /** Common name of the client's certificate, where the connection proved one. */
  readonly certificateName: string | undefined;
}

/** Decides who may do what. There is none where the server takes requests from anyone. */
export interface Authenticator {
  /** The `WWW-Authenticate` header of a refusal: which credentials are taken. */
  readonly challenge?: string;
  /** @throws (or rejects with) ServerError Unauthenticated or PermissionDenied */
  authorize(credentials: Credentials, scope: Scope): Principal | Promise<Principal>;
  close(): void;
}
