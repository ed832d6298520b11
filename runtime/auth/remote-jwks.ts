import {
  createLocalJWKSet,
  errors,
  type CryptoKey,
  type FlattenedJWSInput,
  type JWTHeaderParameters,
} from "jose";
import type { Logger } from "pino";
import { ServerError } from "../errors";
import { messageOf } from "../message-of";
import { parseJwks } from "./jwks";

/** The key that a token names. @throws jose's JWKSNoMatchingKey where there is none */
export type GetKey = (header: JWTHeaderParameters, token: FlattenedJWSInput) => Promise<CryptoKey>;

/** How often the keys are fetched anyway, so that one that was withdrawn stops being good. */
const REFRESH_INTERVAL_MS = 5 * 60_000;
/** Least time between two fetches for tokens whose key is unknown: such tokens cost their sender nothing. */
const COOLDOWN_MS = 30_000;
const FETCH_TIMEOUT_MS = 5_000;
/** Bytes; a set of keys is small. */
const LARGEST_SET = 1024 * 1024;

export interface RemoteJwksOptions {
  readonly url: string;
  readonly log: Logger;
  /** Called after the keys have changed. */
  readonly onChange: () => void;
  /** Replaced in tests. */
  readonly fetch?: typeof fetch;
  readonly now?: () => number;
}

/** The keys of an identity provider. A fetch that fails leaves the last good ones in force. */
export class RemoteJwks {
  private keys: GetKey | undefined;
  private text: string | undefined;
  private triedAt = -Infinity;
  private fetching: Promise<void> | undefined;
  private readonly timer: NodeJS.Timeout;
  private readonly now: () => number;

  constructor(private readonly options: RemoteJwksOptions) {
    this.now = options.now ?? (() => performance.now());
    this.timer = setInterval(() => void this.refresh(), REFRESH_INTERVAL_MS);
    this.timer.unref();
    void this.refresh();
  }

  readonly getKey: GetKey = async (header, token) => {
    // Keys of a provider that could not be reached are asked for again without the full pause.
    if (!this.keys && this.cooled(FETCH_TIMEOUT_MS)) await this.refresh();
    else if (!this.keys) await this.fetching;
    if (!this.keys) {
      throw new ServerError(
        "KeysUnavailable",
        "The keys that tokens are checked with cannot be fetched at present; retry later.",
      );
    }
    try {
      return await this.keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || !this.cooled(COOLDOWN_MS)) throw error;
      await this.refresh();
      return this.keys(header, token);
    }
  };

  close(): void {
    clearInterval(this.timer);
  }

  private cooled(pauseMs: number): boolean {
    return this.fetching !== undefined || this.now() - this.triedAt >= pauseMs;
  }

  /** Fetches the keys; never rejects. Callers at the same time share one fetch. */
  refresh(): Promise<void> {
    return (this.fetching ??= this.load().finally(() => (this.fetching = undefined)));
  }

  private async load(): Promise<void> {
    this.triedAt = this.now();
    try {
      const text = await this.download();
      if (text === this.text) return;
      this.keys = createLocalJWKSet(parseJwks(text)) as GetKey;
      this.text = text;
      this.options.onChange();
      this.options.log.info("the keys that tokens are checked with were fetched");
    } catch (error) {
      this.options.log.error(
        { url: this.options.url, cause: messageOf(causeOf(error)), keysInForce: this.keys !== undefined },
        "the keys that tokens are checked with cannot be fetched",
      );
    }
  }

  private async download(): Promise<string> {
    const response = await (this.options.fetch ?? fetch)(this.options.url, {
      headers: { accept: "application/jwk-set+json, application/json" },
      // Where keys come from is the operator's word, not that of whoever answers there.
      redirect: "error",
      signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
    });
    if (!response.ok) throw new Error(`the answer was ${response.status}`);
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk as Uint8Array);
      if ((size += (chunk as Uint8Array).length) > LARGEST_SET)
        throw new Error("the answer is larger than 1 MiB");
    }
    return Buffer.concat(chunks).toString("utf8");
  }
}

/** `fetch failed` has its reason underneath. */
function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause ? error.cause : error;
}
