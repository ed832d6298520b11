import type { Logger } from "pino";
import { UsageError } from "../option-table";
import { parseApiKeys } from "./api-keys";
import type { Authenticator, Scope } from "./authenticator";
import { CombinedAuthenticator } from "./combined-authenticator";
import { isScope, SCOPE_LIST } from "./scopes";
import { WatchedFile } from "./watched-file";

/** The options of the server that say who may call. */
export interface AuthOptions {
  readonly jwksFile?: string;
  readonly jwksUrl?: string;
  readonly jwtIssuer?: string;
  readonly jwtAudience?: string;
  readonly jwtAlgorithms: readonly string[];
  /** Seconds. */
  readonly jwtClockSkew: number;
  readonly apiKeysFile?: string;
  readonly metricsAuth: boolean;
  readonly metricsTls?: boolean;
  readonly tlsCert?: string;
  readonly tlsClientCa?: string;
  readonly tlsClientScopes: readonly string[];
}

/** Algorithms with a public and a private key; with a shared one whoever checks tokens could make them, too. */
export const JWT_ALGORITHMS = [
  "ES256",
  "ES384",
  "ES512",
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "EdDSA",
  "Ed25519",
] as const;

/**
 * The authenticator that the options describe; undefined where they let anyone in.
 * @throws UsageError where they contradict each other, or a file that they name cannot be used
 */
export function createAuthenticator(options: AuthOptions, log: Logger): Authenticator | undefined {
  checkAuthOptions(options);
  const takesTokens = options.jwksFile !== undefined || options.jwksUrl !== undefined;
  const takesCertificates = options.tlsClientCa !== undefined;
  if (!takesTokens && options.apiKeysFile === undefined && !takesCertificates) return undefined;
  const apiKeys =
    options.apiKeysFile === undefined
      ? undefined
      : new WatchedFile("--api-keys-file", options.apiKeysFile, parseApiKeys, log);
  try {
    // Only at the start: a file that is emptied later takes the last key back.
    if (apiKeys?.current.size === 0) {
      throw new UsageError(
        `\`--api-keys-file\` (${options.apiKeysFile}) holds no key; \`slipway api-key\` makes one.`,
      );
    }
    return new CombinedAuthenticator({
      apiKeys,
      tokens: takesTokens ? tokenVerifier(options, log) : undefined,
      certificateScopes: takesCertificates ? new Set(options.tlsClientScopes as Scope[]) : undefined,
    });
  } catch (error) {
    apiKeys?.close();
    throw error;
  }
}

function tokenVerifier(options: AuthOptions, log: Logger) {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- jose is loaded only where tokens are taken
  const { TokenVerifier } = require("./token-verifier") as typeof import("./token-verifier");
  return new TokenVerifier({
    jwksFile: options.jwksFile,
    jwksUrl: options.jwksUrl,
    issuer: options.jwtIssuer!,
    audience: options.jwtAudience!,
    algorithms: options.jwtAlgorithms,
    clockSkew: options.jwtClockSkew,
    log,
  });
}

/** @throws UsageError naming the options that do not go together */
export function checkAuthOptions(options: AuthOptions): void {
  const { jwksFile, jwksUrl, jwtIssuer, jwtAudience, tlsClientCa, tlsClientScopes } = options;
  if (jwksFile !== undefined && jwksUrl !== undefined) {
    throw new UsageError("`--jwks-file` and `--jwks-url` must not be given together.");
  }
  if (jwksUrl !== undefined && !isTrustworthy(jwksUrl)) {
    throw new UsageError(
      `\`--jwks-url\` (${jwksUrl}) must be an https:// address, or an http:// one of this machine.`,
    );
  }
  const keys = jwksFile !== undefined ? "--jwks-file" : jwksUrl !== undefined ? "--jwks-url" : undefined;
  if (keys !== undefined && (jwtIssuer === undefined || jwtAudience === undefined)) {
    throw new UsageError(
      `\`--jwt-issuer\` and \`--jwt-audience\` must be given with \`${keys}\`: a token that was issued for another service would be taken otherwise.`,
    );
  }
  if (keys === undefined && (jwtIssuer !== undefined || jwtAudience !== undefined)) {
    throw new UsageError(
      "`--jwt-issuer` and `--jwt-audience` need `--jwks-file` or `--jwks-url`: without keys no token is checked.",
    );
  }
  const algorithm = options.jwtAlgorithms.find(
    (name) => !(JWT_ALGORITHMS as readonly string[]).includes(name),
  );
  if (algorithm !== undefined || options.jwtAlgorithms.length === 0) {
    throw new UsageError(
      `\`--jwt-algorithms\` (${options.jwtAlgorithms.join(",")}) must be some of ${JWT_ALGORITHMS.join(", ")}.`,
    );
  }
  if (tlsClientCa !== undefined && options.tlsCert === undefined) {
    throw new UsageError(
      "`--tls-client-ca` needs `--tls-cert` and `--tls-key`: certificates are asked for within TLS.",
    );
  }
  const scope = tlsClientScopes.find((name) => !isScope(name));
  if (scope !== undefined) {
    throw new UsageError(
      `\`--tls-client-scopes\` (${tlsClientScopes.join(",")}) must be some of ${SCOPE_LIST}.`,
    );
  }
  if (
    tlsClientCa !== undefined &&
    tlsClientScopes.length === 0 &&
    keys === undefined &&
    !options.apiKeysFile
  ) {
    throw new UsageError(
      "`--tls-client-scopes` must name a scope where certificates are the only credentials; nobody could do anything otherwise.",
    );
  }
  const certifiesMetrics =
    options.metricsTls === true && tlsClientCa !== undefined && tlsClientScopes.includes("metrics");
  if (options.metricsAuth && keys === undefined && !options.apiKeysFile && !certifiesMetrics) {
    throw new UsageError(
      "`--metrics-auth` needs tokens (`--jwks-file` or `--jwks-url`), API keys (`--api-keys-file`), or certificates: `--metrics-tls` and `--tls-client-ca`, with metrics among `--tls-client-scopes`.",
    );
  }
}

function isTrustworthy(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return (
    protocol === "https:" || (protocol === "http:" && ["localhost", "127.0.0.1", "[::1]"].includes(hostname))
  );
}
