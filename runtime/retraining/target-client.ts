import { readFileSync } from "node:fs";
import { Agent, request, type Dispatcher } from "undici";
import { messageOf } from "../message-of";
import { UsageError } from "../option-table";
import { unreadable } from "../unreadable";
import { VERSION } from "../version";
import type { RetrainingEvent } from "./retraining-event";
import type { RetrainingOptions } from "./retraining-options";
import { readSecrets, signatureHeaders } from "./signature";
import { targetRequest } from "./target-requests";

/** What an attempt came to. */
export type Attempt =
  | { readonly outcome: "delivered" }
  /** Another attempt may go better, but not before so many seconds have passed. */
  | { readonly outcome: "later"; readonly why: string; readonly afterSeconds: number }
  | { readonly outcome: "refused"; readonly why: string };

/** Bytes of an answer that are read. */
const MOST_ANSWER = 65_536;
/** Characters of a refusal that are repeated. */
const SHOWN = 200;
/** Seconds that a target may have itself left alone for. */
const LONGEST_PAUSE = 3600;
const PASSING = new Set([408, 425, 429]);

/** Calls the target, once at a time it is asked to. */
export class TargetClient {
  private readonly agent: Agent;
  /** Of Airflow's API v2, for a name and a password. */
  private session: string | undefined;

  /** @throws UsageError where a file cannot be used now; later it may be a Secret that is being replaced */
  constructor(
    private readonly options: RetrainingOptions,
    private readonly now: () => number = Date.now,
  ) {
    const { targetCaFile, timeout, targetTokenFile, targetUsernameFile, targetPasswordFile } = options;
    const ca = targetCaFile === undefined ? undefined : readText("--target-ca-file", targetCaFile);
    this.secrets();
    if (targetTokenFile) readSecret("--target-token-file", targetTokenFile);
    if (targetUsernameFile) readSecret("--target-username-file", targetUsernameFile);
    if (targetPasswordFile) readSecret("--target-password-file", targetPasswordFile);
    this.agent = new Agent({
      connect: { ca, timeout: timeout * 1000 },
      headersTimeout: timeout * 1000,
      bodyTimeout: timeout * 1000,
      maxResponseSize: MOST_ANSWER,
    });
  }

  /** Never throws. */
  async send(event: RetrainingEvent): Promise<Attempt> {
    try {
      const { url, body, headers, alreadyThere = [] } = targetRequest(this.options, event);
      const authorization = await this.authorization();
      if (typeof authorization === "object") return authorization;
      const seconds = Math.floor(this.now() / 1000);
      const answer = await this.post(url, body, {
        "content-type": "application/json",
        "user-agent": `slipway/${VERSION}`,
        ...headers,
        ...signatureHeaders(this.secrets(), event.id, seconds, body),
        ...(authorization === undefined ? {} : { authorization }),
      });
      if (answer.status === 401 && this.session !== undefined) {
        // It has expired: the next attempt gets another.
        this.session = undefined;
        return { outcome: "later", why: "its token has expired", afterSeconds: 0 };
      }
      return alreadyThere.includes(answer.status) ? { outcome: "delivered" } : this.judged(answer);
    } catch (error) {
      return { outcome: "later", why: reasonOf(error), afterSeconds: 0 };
    }
  }

  async close(): Promise<void> {
    await this.agent.destroy();
  }

  private secrets(): Buffer[] {
    const { signingSecretFile } = this.options;
    return signingSecretFile === undefined ? [] : readSecrets("--signing-secret-file", signingSecretFile);
  }

  /** The header, or what asking for a token came to. */
  private async authorization(): Promise<string | Attempt | undefined> {
    const { target, airflowApi, targetTokenFile, targetUsernameFile, targetPasswordFile } = this.options;
    if (targetTokenFile) return `Bearer ${readSecret("--target-token-file", targetTokenFile)}`;
    if (!targetUsernameFile || !targetPasswordFile) return undefined;
    const username = readSecret("--target-username-file", targetUsernameFile);
    const password = readSecret("--target-password-file", targetPasswordFile);
    if (target !== "airflow" || airflowApi === "v1") {
      return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
    }
    if (this.session !== undefined) return `Bearer ${this.session}`;
    const base = this.options.targetUrl!.replace(/\/+$/, "");
    const answer = await this.post(`${base}/auth/token`, JSON.stringify({ username, password }), {
      "content-type": "application/json",
    });
    const judged = this.judged(answer);
    if (judged.outcome !== "delivered") return judged;
    const { access_token: token } = JSON.parse(answer.text) as { readonly access_token?: unknown };
    if (typeof token !== "string") return { outcome: "refused", why: "its /auth/token gave no access_token" };
    this.session = token;
    return `Bearer ${token}`;
  }

  private async post(url: string, body: string, headers: Record<string, string>): Promise<Answer> {
    const {
      statusCode,
      headers: answered,
      body: content,
    } = await request(url, {
      method: "POST",
      body,
      headers,
      dispatcher: this.agent,
      signal: AbortSignal.timeout(this.options.timeout * 1000),
    });
    return { status: statusCode, retryAfter: answered["retry-after"], text: await textOf(content) };
  }

  private judged({ status, retryAfter, text }: Answer): Attempt {
    if (status >= 200 && status < 300) return { outcome: "delivered" };
    const why = `it answered ${status}${text === "" ? "" : `: ${text.slice(0, SHOWN)}`}`;
    if (status < 500 && !PASSING.has(status)) {
      // A redirect is no exception: where it leads nobody has said, and the token is not for there.
      return { outcome: "refused", why };
    }
    return { outcome: "later", why, afterSeconds: secondsOf(retryAfter, this.now()) };
  }
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | string[] | undefined;
  readonly text: string;
}

/** The text of an answer; what it says is not needed where it is too long. */
async function textOf(body: Dispatcher.ResponseData["body"]): Promise<string> {
  try {
    return await body.text();
  } catch {
    return "";
  }
}

/** Seconds of a `Retry-After`, which may be a number or a date (RFC 9110, 10.2.3); 0 where it says nothing. */
function secondsOf(given: string | string[] | undefined, now: number): number {
  const text = Array.isArray(given) ? given[0] : given;
  if (text === undefined) return 0;
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - now) / 1000;
  return Number.isFinite(seconds) ? Math.min(Math.max(0, seconds), LONGEST_PAUSE) : 0;
}

function reasonOf(error: unknown): string {
  const { name, code } = error as { readonly name?: string; readonly code?: string };
  return name === "TimeoutError" || code === "UND_ERR_HEADERS_TIMEOUT"
    ? "it did not answer in time"
    : messageOf(error);
}

/** A secret that a file holds; a line's end is the editor's. @throws UsageError, never with what was read */
export function readSecret(flag: string, file: string): string {
  const text = readText(flag, file).replace(/\r?\n$/, "");
  if (text === "" || /[\r\n]/.test(text)) {
    throw new UsageError(`\`${flag}\` (${file}) must be a file of one line that is not empty.`);
  }
  return text;
}

function readText(flag: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw unreadable(flag, file, error);
  }
}
