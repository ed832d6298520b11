import * as http from "node:http";
import * as https from "node:https";
import { apiErrorOf } from "./api-error";
import { credentialsFor } from "./credentials";
import type { Target } from "./kubeconfig";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface RequestOptions {
  readonly query?: { readonly [key: string]: string | undefined };
  /** Sent as JSON. */
  readonly body?: unknown;
  /** @default "application/json" */
  readonly contentType?: string;
  readonly signal?: AbortSignal;
  /** Milliseconds without an answer after which the request fails. @default 30000 */
  readonly timeoutMs?: number;
  /** Called with the text of each `Warning` header that the API server sends. */
  readonly onWarning?: (text: string) => void;
}

/** RFC 7234: `299 - "text"`. */
function warningText(header: string): string[] {
  return [...header.matchAll(/299 \S+ "((?:[^"\\]|\\.)*)"/g)].map(([, text = ""]) =>
    text.replace(/\\(.)/g, "$1"),
  );
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** HTTP to one API server, over kept-alive connections. */
export class Connection {
  private readonly base: URL;
  private readonly agent: http.Agent;
  private readonly credentials: ReturnType<typeof credentialsFor>;

  constructor(readonly target: Target) {
    this.base = new URL(target.cluster.server ?? "");
    this.credentials = credentialsFor(target);
    const pool = { keepAlive: true, maxSockets: 32 };
    this.agent = this.base.protocol === "http:" ? new http.Agent(pool) : new https.Agent(pool);
  }

  /** Where requests go, for messages. */
  get server(): string {
    return this.base.origin;
  }

  /** Sends a request; resolves with the parsed body. @throws ApiError for any status of 400 and above */
  async request(method: Method, path: string, options: RequestOptions = {}): Promise<unknown> {
    const { status, text, headers } = await this.send(method, path, options);
    const warnings = headers.warning === undefined ? [] : warningText(String(headers.warning));
    for (const warning of warnings) options.onWarning?.(warning);
    const body = parseBody(text);
    if (status >= 400) throw apiErrorOf(status, body);
    return body;
  }

  close(): void {
    this.agent.destroy();
  }

  private async send(method: Method, path: string, options: RequestOptions) {
    options.signal?.throwIfAborted();
    const url = new URL(this.base.pathname.replace(/\/$/, "") + path, this.base);
    for (const [key, value] of Object.entries(options.query ?? {})) {
      if (value !== undefined) url.searchParams.set(key, value);
    }
    const payload = options.body === undefined ? undefined : JSON.stringify(options.body);
    const headers: Record<string, string> = {
      Accept: "application/json",
      "User-Agent": "slipway-kubernetes",
      ...(await this.credentials.headers()),
    };
    if (payload !== undefined) {
      headers["Content-Type"] = options.contentType ?? "application/json";
      headers["Content-Length"] = String(Buffer.byteLength(payload));
    }
    const timeout = options.timeoutMs ?? 30_000;
    const request = { method, headers, agent: this.agent, signal: options.signal, ...this.credentials.tls };
    return new Promise<{ status: number; text: string; headers: http.IncomingHttpHeaders }>(
      (resolve, reject) => {
        const client = url.protocol === "http:" ? http : https;
        const outgoing = client.request(url, request, (response) => {
          const chunks: Buffer[] = [];
          response.on("data", (chunk: Buffer) => chunks.push(chunk));
          response.on("error", reject);
          response.on("end", () => {
            const text = Buffer.concat(chunks).toString("utf8");
            resolve({ status: response.statusCode ?? 0, text, headers: response.headers });
          });
        });
        outgoing.setTimeout(timeout, () => {
          const seconds = Math.round(timeout / 100) / 10;
          outgoing.destroy(new Error(`The API server ${this.server} did not answer within ${seconds} s.`));
        });
        outgoing.on("error", reject);
        outgoing.end(payload);
      },
    );
  }
}
