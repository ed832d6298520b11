import type { Logger } from "pino";
import type { AccessLog } from "../access-log";
import type { Authenticator, Principal, Scope } from "../auth/authenticator";
import { certificateName } from "../auth/certificate-name";
import type { InferenceAccounts } from "../dataplane/accounted";
import type { TensorLimits } from "../dataplane/tensor";
import { cancelled, ERRORS, publicError, RETRY_AFTER_SECONDS } from "../errors";
import { logIds, type LogIds } from "../tracing/log-ids";
import type { RequestTrace, Tracing } from "../tracing/request-trace";
import { discardRest, type BodyReader } from "./body";
import { acceptedEncoding, compress, type AnswerEncoding } from "./compress";
import type { Incoming } from "./incoming";
import type { Outgoing } from "./outgoing";
import { requestId } from "./request-id";
import { MethodNotAllowed, type Match } from "./routes";

export interface RestOptions extends InferenceAccounts, TensorLimits {
  readonly log: Logger;
  readonly maxBodyBytes: number;
  readonly authenticator?: Authenticator;
  readonly tracing?: Tracing;
  readonly access?: AccessLog;
}

/** Milliseconds that a client may go on sending a body that was refused. */
const LINGER_MS = 1000;

export const JSON_TYPE = "application/json";

/** One request and its answer. */
export class Exchange {
  readonly id: string;
  principal: Principal | undefined;
  /** Who collects the body, while it is on its way. */
  reader: BodyReader | undefined;
  /** Of a request that is traced. */
  protected trace: RequestTrace | undefined;

  constructor(
    readonly options: RestOptions,
    readonly request: Incoming,
    readonly response: Outgoing,
  ) {
    this.id = requestId(request);
  }

  /** Begins to answer a request that is allowed. @throws ServerError */
  start(_match: Match): void {}

  /** Whom the request is accounted to when clients compete. */
  get client(): string | undefined {
    return this.principal?.subject ?? this.request.socket.remoteAddress;
  }

  /** What log lines say of which request they are about. */
  get logIds(): LogIds {
    return logIds(this.id, this.trace, this.request.headers["traceparent"]);
  }

  /** The client's connection has ended. */
  gone(): void {
    this.reader?.fail(cancelled());
  }

  /** Asks who calls. @throws (or rejects with) Unauthenticated or PermissionDenied */
  authorize(authenticator: Authenticator, scope: Scope): void | Promise<void> {
    const { headers, socket } = this.request;
    const key = headers["x-api-key"];
    const principal = authenticator.authorize(
      {
        authorization: headers.authorization,
        apiKey: typeof key === "string" ? key : undefined,
        certificateName: certificateName(socket),
      },
      scope,
    );
    if (!(principal instanceof Promise)) {
      this.principal = principal;
      return;
    }
    return principal.then((known) => {
      this.principal = known;
    });
  }

  /**
   * @param body as bytes, or as a string of one character for each
   * @param more names and values of further headers
   */
  send(status: number, contentType: string, body: string | Buffer, length: number, more?: string[]): void {
    const accepted = this.request.headers["accept-encoding"];
    if (typeof accepted === "string") {
      const encoding = acceptedEncoding(accepted, length);
      if (encoding !== undefined) {
        this.sendCompressed(encoding, status, contentType, body, more);
        return;
      }
    }
    this.write(status, contentType, body, length, more);
  }

  /**
   * Never compressed, as in Triton: tritonclient's aio says that it takes gzip, and reads errors, metadata and statistics as
   * they come.
   */
  sendJson(status: number, value: unknown, more?: string[]): void {
    const body = Buffer.from(JSON.stringify(value));
    this.write(status, JSON_TYPE, body, body.length, more);
  }

  /** Answers with an error, or with nothing where nobody is left to read it. */
  refuse(error: unknown): void {
    if (publicError(error).code === "Cancelled") return;
    if (this.request.bodyEnded) {
      this.sendError(error);
      return;
    }
    // The rest of a short request is there by the end of this turn.
    process.nextTick(() => {
      if (this.request.bodyEnded) this.sendError(error);
      else this.refuseEarly(error);
    });
  }

  private write(
    status: number,
    contentType: string,
    body: string | Buffer,
    length: number,
    more?: string[],
  ): void {
    this.request.discard();
    const headers = ["x-request-id", this.id, "content-type", contentType, "content-length", String(length)];
    if (more !== undefined) headers.push(...more);
    // A draining server lets every connection end with its answer, so that clients move on.
    const isLast = this.options.dataPlane.isDraining;
    if (status === 200 && !isLast) {
      this.response.answer(headers, body);
      return;
    }
    if (isLast) headers.push("connection", "close");
    this.response.writeHead(status, headers);
    this.response.end(body, "latin1");
  }

  private sendCompressed(
    encoding: AnswerEncoding,
    status: number,
    contentType: string,
    body: string | Buffer,
    more: string[] = [],
  ): void {
    const bytes = typeof body === "string" ? Buffer.from(body, "latin1") : body;
    compress(bytes, encoding).then(
      (compressed) =>
        this.write(status, contentType, compressed, compressed.length, [
          ...more,
          "content-encoding",
          encoding,
          "vary",
          "accept-encoding",
        ]),
      (error: unknown) => this.sendError(error),
    );
  }

  private sendError(error: unknown): void {
    const refusal = publicError(error);
    const { http: status } = ERRORS[refusal.code];
    this.logFault(status, refusal);
    if (this.response.headersSent || this.response.destroyed) {
      this.response.destroy();
      return;
    }
    this.sendJson(status, { error: refusal.message }, headersOf(refusal, status, this.options));
  }

  /**
   * Answers before the body is there, then ends the connection. Closing at once would reset it under a client that is
   * still sending, and the client would never read why.
   */
  private refuseEarly(error: unknown): void {
    const { response, request } = this;
    const refusal = publicError(error);
    const { http: status } = ERRORS[refusal.code];
    this.logFault(status, refusal);
    if (response.headersSent || response.destroyed) return;
    const text = JSON.stringify({ error: refusal.message });
    response.writeHead(status, [
      "x-request-id",
      this.id,
      "content-type",
      JSON_TYPE,
      "content-length",
      String(Buffer.byteLength(text)),
      ...(headersOf(refusal, status, this.options) ?? []),
      "connection",
      "close",
    ]);
    response.write(text);
    const timer = setTimeout(() => response.end(), LINGER_MS);
    response.once("close", () => clearTimeout(timer));
    discardRest(request, () => response.end());
  }

  private logFault(status: number, refusal: Error): void {
    if (status >= 500 && status !== 503 && status !== 504) {
      this.options.log.error({ ...this.logIds, err: refusal.cause ?? refusal }, "a request failed");
    }
  }
}

/** Headers that belong to an error. */
function headersOf(
  refusal: Error,
  status: number,
  { authenticator }: Pick<RestOptions, "authenticator">,
): string[] | undefined {
  if (refusal instanceof MethodNotAllowed) return ["allow", refusal.allowed];
  if (status === 503) return ["retry-after", String(RETRY_AFTER_SECONDS)];
  if (status === 415) return ["accept-encoding", "gzip, deflate"];
  return status === 401 ? ["www-authenticate", authenticator?.challenge ?? "Bearer"] : undefined;
}
