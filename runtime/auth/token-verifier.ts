/** Loaded only where tokens are taken: it brings jose along. */
import {
  createLocalJWKSet,
  errors,
  jwtVerify,
  type CryptoKey,
  type JWTPayload,
  type JWTVerifyOptions,
  type JWTVerifyResult,
} from "jose";
import type { Logger } from "pino";
import { ServerError } from "../errors";
import type { Principal } from "./authenticator";
import { RemoteJwks, type GetKey } from "./remote-jwks";
import { parseJwks } from "./jwks";
import { scopesOfClaim } from "./scopes";
import { WatchedFile } from "./watched-file";

export interface TokenOptions {
  /** One of both. */
  readonly jwksFile?: string;
  readonly jwksUrl?: string;
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: readonly string[];
  /** Seconds by which the issuer's clock may differ. */
  readonly clockSkew: number;
  readonly log: Logger;
  /** Milliseconds of the epoch; replaced in tests. */
  readonly now?: () => number;
  readonly fetch?: typeof fetch;
}

/** Tokens whose signature is remembered. */
const MOST_REMEMBERED = 4096;
/** Milliseconds for which a token is remembered: as long may one stay good whose key was withdrawn at its provider. */
const REMEMBERED_MS = 60_000;
/** Characters; longer ones are nobody's token. */
const LONGEST_TOKEN = 8192;

interface Remembered {
  readonly principal: Principal;
  readonly until: number;
}

/** Checks JSON web tokens. Those that were good a moment ago are known by their text, so that a request seldom pays for a signature. */
export class TokenVerifier {
  private readonly remembered = new Map<string, Remembered>();
  /** Counts changes of the keys. */
  private generation = 0;
  private readonly keys: GetKey;
  private readonly source: { close(): void };
  private readonly now: () => number;

  /** @throws UsageError where the file of keys cannot be used */
  constructor(private readonly options: TokenOptions) {
    this.now = options.now ?? Date.now;
    const { log, jwksFile, jwksUrl } = options;
    const onChange = () => {
      this.generation++;
      this.remembered.clear();
    };
    if (jwksFile !== undefined) {
      const parse = (text: string) => createLocalJWKSet(parseJwks(text)) as GetKey;
      const file = new WatchedFile("--jwks-file", jwksFile, parse, log, undefined, onChange);
      this.keys = (header, token) => file.current(header, token);
      this.source = file;
    } else {
      const remote = new RemoteJwks({ url: jwksUrl!, log, onChange, fetch: options.fetch });
      this.keys = remote.getKey;
      this.source = remote;
    }
  }

  /** @throws (or rejects with) ServerError Unauthenticated */
  verify(token: string): Principal | Promise<Principal> {
    const known = this.remembered.get(token);
    if (known !== undefined) {
      if (this.now() < known.until) return known.principal;
      this.remembered.delete(token);
    }
    if (token.length > LONGEST_TOKEN) throw unauthenticated("The token is not valid.");
    return this.check(token);
  }

  close(): void {
    this.source.close();
    this.remembered.clear();
  }

  private async check(token: string): Promise<Principal> {
    const { generation } = this;
    const payload = await this.payloadOf(token);
    const principal: Principal = { subject: payload.sub!, scopes: scopesOfClaim(payload.scope) };
    // With other keys in force by now, the next request is checked with those.
    if (generation === this.generation) this.remember(token, principal, payload.exp!);
    return principal;
  }

  private async payloadOf(token: string): Promise<JWTPayload & { sub?: string }> {
    const { issuer, audience, algorithms, clockSkew } = this.options;
    const rules = {
      issuer,
      audience,
      algorithms: [...algorithms],
      clockTolerance: clockSkew,
      currentDate: new Date(this.now()),
      requiredClaims: ["exp", "sub"],
    };
    try {
      const { payload } = await jwtVerify(token, this.keys, rules).catch((error: unknown) => {
        if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
        return verifyWithAny(token, error, rules);
      });
      if (typeof payload.sub !== "string" || payload.sub === "")
        throw unauthenticated("The token is not valid.");
      return payload;
    } catch (error) {
      if (error instanceof ServerError) throw error;
      this.options.log.debug(
        { cause: error instanceof Error ? error.message : String(error) },
        "a token was refused",
      );
      throw unauthenticated(refusal(error));
    }
  }

  private remember(token: string, principal: Principal, exp: number): void {
    if (this.remembered.size >= MOST_REMEMBERED) {
      // A map keeps the order of insertion: the first one is the oldest.
      this.remembered.delete(this.remembered.keys().next().value!);
    }
    const end = (exp + this.options.clockSkew) * 1000;
    this.remembered.set(token, { principal, until: Math.min(end, this.now() + REMEMBERED_MS) });
  }
}

/** A token that names no key, while several are in force: one of them must have signed it. */
async function verifyWithAny(
  token: string,
  keys: AsyncIterable<CryptoKey>,
  rules: JWTVerifyOptions,
): Promise<JWTVerifyResult> {
  for await (const key of keys) {
    try {
      return await jwtVerify(token, key, rules);
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
    }
  }
  throw new errors.JWSSignatureVerificationFailed();
}

function unauthenticated(sentence: string): ServerError {
  return new ServerError("Unauthenticated", sentence);
}

/** What the sender may know: whether to get a new token. Which of the other checks failed would help forging only. */
function refusal(error: unknown): string {
  if (error instanceof errors.JWTExpired) return "The token has expired; get a new one.";
  if (
    error instanceof errors.JWTClaimValidationFailed &&
    error.claim === "nbf" &&
    error.reason === "check_failed"
  ) {
    return "The token is not valid yet; check the clocks.";
  }
  return "The token is not valid.";
}
