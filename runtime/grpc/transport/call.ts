import {
  constants,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import type { Logger } from "pino";
import type { AccessLog } from "../../access-log";
import type { Principal, Scope } from "../../auth/authenticator";
import type { ByteBudget, ByteShare } from "../../dataplane/byte-budget";
import { ERRORS, invalid, publicError, ServerError, type ErrorCode } from "../../errors";
import { compressFrame, type Encoding } from "./compression";
import { Incoming, type IncomingSink } from "./incoming";
import { MessageTiming } from "./message-timing";
import type { Peer } from "./peer";
import { nextRequestId, usableRequestId } from "../../request-id";
import { logIds, type LogIds } from "../../tracing/log-ids";
import type { RequestTrace } from "../../tracing/request-trace";
import { OK_TRAILERS, statusTrailers } from "./status-trailers";

/** One request message, one answer. */
export interface UnaryMethod {
  readonly kind: "unary";
  /** What the caller must be allowed to; undefined for everyone. */
  readonly scope: Scope | undefined;
  /** Answers the call or refuses it, now or later. What it throws refuses the call. */
  handle(call: Call, message: Buffer): void;
}

/** Any number of messages in both directions. */
export interface StreamMethod {
  readonly kind: "stream";
  readonly scope: Scope | undefined;
  open(call: Call): MessageSink;
}

export interface MessageSink {
  /** @param bytes held by the caller's share until this returns */
  message(bytes: Buffer): void;
  /** The client sends no more. */
  end(): void;
}

export type Method = UnaryMethod | StreamMethod;

/** Methods by their paths, `/package.Service/Method`. */
export type MethodTable = ReadonlyMap<string, Method>;

/** What all calls of a listener share. */
export interface CallContext {
  readonly log: Logger;
  readonly budget: ByteBudget;
  /** Bytes. */
  readonly maxMessageBytes: number;
  /** Seconds to send a whole request, and to read an answer. */
  readonly requestTimeout: number;
  /** Told of every call that is over; undefined where that is not logged. */
  readonly access?: AccessLog;
}

const CONTENT_TYPE = "application/grpc";
const OK_HEADERS: OutgoingHttpHeaders = { ":status": 200, "content-type": CONTENT_TYPE };

/** Node adds a `date` unless told otherwise, which its types lack. */
const ANSWER = { waitForTrailers: true, sendDate: false };
const REFUSAL = { endStream: true, sendDate: false };

/** Bytes of a call that needs no credentials; more would let anyone fill the memory that requests share. */
const MOST_OPEN_BYTES = 4096;

/** The two parts of a stream's end when the server shuts down. */
export interface Farewell {
  /** Elsewhere is somewhere to go on: tells the client, which may take its time. */
  announce(): void;
  /** Time is up: answers what has come, and ends. */
  end(): void;
}

/** One call, from its headers to its end. */
export class Call implements IncomingSink {
  /** `performance.now()` at which the client stops waiting. */
  deadline = Infinity;
  principal: Principal | undefined;
  /** Nobody waits for the answer any more: the client has gone, the deadline has passed or the call was refused. */
  cancelled = false;
  /** Run once when the call becomes cancelled. */
  onCancel: (() => void) | undefined;
  /** How a stream comes to its end when the server does; a call without it ends with its answer. */
  farewell: Farewell | undefined;
  /** The outcome, once it is decided. */
  outcome: "OK" | ErrorCode | undefined;
  /** Of a unary call that is traced. */
  trace: RequestTrace | undefined;
  /** The request's share of memory, then its answer's until that is read; of a stream, what has come of the next message. */
  readonly share: ByteShare;

  private readonly incoming: Incoming;
  private sink: MessageSink | undefined;
  /** Of a unary call. */
  private request: Buffer | undefined;
  private trailers = OK_TRAILERS;
  private ended = false;
  private closed = false;
  private began = false;
  /** Bytes that came without the caller having to say who it is. */
  private openBytes = 0;
  /** A method wants no more for the moment. */
  private held = false;
  /** `performance.now()` since when the client has owed its next step. */
  private since = performance.now();
  private readonly timing = new MessageTiming();
  private readonly arrived: number;
  private id: string | undefined;

  constructor(
    readonly stream: ServerHttp2Stream,
    readonly headers: IncomingHttpHeaders,
    readonly peer: Peer,
    readonly method: Method,
    private readonly encoding: Encoding | undefined,
    private readonly context: CallContext,
  ) {
    this.since = this.arrived = performance.now();
    this.share = context.budget.open();
    this.incoming = new Incoming(this, encoding, context.maxMessageBytes);
  }

  /** Whether the answer names the request, although its client did not: encoding one more header for nobody costs time. */
  tellsId = false;

  /** The client's `x-request-id`, or a new one. */
  get requestId(): string {
    return (this.id ??= usableRequestId(this.headers["x-request-id"]) ?? nextRequestId());
  }

  /** What log lines say of which request they are about. */
  get logIds(): LogIds {
    return logIds(this.requestId, this.trace, this.headers["traceparent"]);
  }

  /** Whom the call is accounted to when clients compete. */
  get client(): string {
    return this.principal?.subject ?? this.peer.address;
  }

  // What the listener tells.

  /** @param milliseconds from now on that the client waits */
  limit(milliseconds: number): void {
    this.deadline = this.since + milliseconds;
    this.look(this.since);
  }

  data(chunk: Buffer): void {
    if (this.outcome !== undefined) return;
    try {
      if (this.method.scope === undefined && (this.openBytes += chunk.length) > MOST_OPEN_BYTES) {
        throw new ServerError(
          "PayloadTooLarge",
          `The call is larger than the ${MOST_OPEN_BYTES} bytes that the method takes.`,
        );
      }
      this.share.take(chunk.length);
      this.incoming.push(chunk);
      // Compressed messages come much faster than they are unpacked; they would pile up.
      if (this.incoming.isBehind) this.stream.pause();
    } catch (error) {
      this.refuse(error);
    }
  }

  end(): void {
    this.ended = true;
    if (this.outcome !== undefined) return;
    try {
      this.incoming.end();
    } catch (error) {
      this.refuse(error);
    }
  }

  close(): void {
    this.closed = true;
    this.share.release();
    if (this.outcome === undefined) {
      this.outcome = "Cancelled";
      this.cancel();
    }
    if (this.context.access !== undefined) this.logAccess(this.context.access, this.outcome);
  }

  message(bytes: Buffer): void {
    if (this.method.kind === "stream") {
      this.sink ??= this.method.open(this);
      this.sink.message(bytes);
      this.share.release();
    } else if (this.request) throw invalid("The method takes one message, but the call has more.");
    else this.request = bytes;
  }

  caughtUp(): void {
    if (!this.held) this.stream.resume();
  }

  unpacked(bytes: number): void {
    this.share.take(bytes);
  }

  complete(): void {
    try {
      if (this.method.kind === "stream") {
        this.sink ??= this.method.open(this);
        this.sink.end();
      } else if (this.request) {
        const { request } = this;
        this.request = undefined;
        this.method.handle(this, request);
      } else throw invalid("The method takes one message, but the call has none.");
    } catch (error) {
      this.refuse(error);
    }
  }

  failed(error: unknown): void {
    this.refuse(error);
  }

  /** Looks whether the call is over its time. */
  look(now: number): void {
    const limit = this.context.requestTimeout * 1000;
    if (this.outcome !== undefined) {
      // A client that does not read its answer must not keep it in memory.
      if (now - this.since > limit) this.stream.close(constants.NGHTTP2_CANCEL);
    } else if (now >= this.deadline) this.refuse(late());
    else if (this.method.kind === "stream") this.lookForStall(now, limit);
    else if (!this.ended && now - this.since > limit) {
      this.refuse(
        new ServerError("DeadlineExceeded", `The request took longer than ${limit / 1000} s to arrive.`),
      );
    }
  }

  private lookForStall(now: number, limit: number): void {
    const { unfinished, isBehind } = this.incoming;
    if (this.timing.look(now, unfinished, !this.held && !isBehind) > limit) {
      this.refuse(
        new ServerError(
          "DeadlineExceeded",
          `A message of the stream took longer than ${limit / 1000} s to arrive.`,
        ),
      );
    } else if (!this.stream.writableNeedDrain) this.since = now;
    else if (now - this.since > limit) this.stream.close(constants.NGHTTP2_CANCEL);
  }

  // What methods do.

  /** Answers a unary call. @param frame a message with its prefix */
  answer(frame: Buffer): void {
    if (this.outcome !== undefined) return;
    if (performance.now() >= this.deadline) return this.refuse(late());
    this.share.holdAnswer(frame.length);
    if (this.encoding)
      this.answerCompressed(frame, this.encoding).catch((error: unknown) => this.refuse(error));
    else {
      this.finish("OK");
      this.stream.respond(this.responseHeaders(), ANSWER);
      this.stream.end(frame);
    }
  }

  /** Sends one message of a stream. @returns whether the client keeps up */
  send(frame: Buffer): boolean {
    if (this.outcome !== undefined || this.isGone) return true;
    this.begin();
    return this.stream.write(frame);
  }

  /** Reads no more messages until `resume`; those that have come already still arrive. */
  pause(): void {
    this.held = true;
    this.stream.pause();
  }

  resume(): void {
    if (!this.held) return;
    this.held = false;
    if (!this.incoming.isBehind) this.stream.resume();
  }

  /** Ends a stream that went well. */
  finishStream(): void {
    if (this.outcome !== undefined || this.isGone) return;
    this.begin();
    this.finish("OK");
    this.stream.end();
  }

  /** A frame as this call's answers travel. */
  packed(frame: Buffer): Buffer | Promise<Buffer> {
    return this.encoding ? compressFrame(frame, this.encoding) : frame;
  }

  /** Ends the call with a status. Of errors that are not for the client only the log learns. */
  refuse(error: unknown): void {
    if (this.outcome !== undefined) return;
    const refusal = publicError(error);
    const { log } = this.context;
    if (ERRORS[refusal.code].http === 500) {
      log.error({ ...this.logIds, err: refusal.cause ?? refusal }, "a call failed");
    }
    this.finish(refusal.code);
    this.cancel();
    if (this.isGone) return;
    const trailers = statusTrailers(refusal);
    trailers["x-request-id"] = this.requestId;
    if (this.began) {
      this.trailers = trailers;
      this.stream.end();
    } else {
      this.stream.respond({ ...OK_HEADERS, ...trailers }, REFUSAL);
      this.stopReading();
    }
  }

  sendTrailers(): void {
    if (this.isGone) return;
    this.stream.sendTrailers(this.trailers);
    this.stopReading();
  }

  /** Tells a client that is still sending that nobody reads it; a turn later, as a reset would overtake the answer. */
  private stopReading(): void {
    if (this.ended) return;
    setImmediate(() => {
      if (!this.ended && !this.closed) this.stream.close(constants.NGHTTP2_NO_ERROR);
    });
  }

  private async answerCompressed(frame: Buffer, encoding: Encoding): Promise<void> {
    const packed = await compressFrame(frame, encoding);
    if (this.outcome !== undefined || this.isGone) return;
    this.share.holdAnswer(packed.length);
    this.finish("OK");
    this.stream.respond(this.responseHeaders(), ANSWER);
    this.stream.end(packed);
  }

  /**
   * Whether nothing can be sent any more, which Node answers by throwing. A stream that the client has reset may be
   * closed for long before it says `close`: while what came on it has not been read.
   */
  private get isGone(): boolean {
    return this.closed || this.stream.closed || this.stream.destroyed;
  }

  private begin(): void {
    if (this.began) return;
    this.began = true;
    this.stream.respond(this.responseHeaders(), ANSWER);
  }

  private responseHeaders(): OutgoingHttpHeaders {
    const given = this.headers["x-request-id"];
    if (given === undefined && !this.encoding && !this.tellsId) return OK_HEADERS;
    const headers: OutgoingHttpHeaders = { ...OK_HEADERS, "x-request-id": this.requestId };
    if (this.encoding) headers["grpc-encoding"] = this.encoding;
    return headers;
  }

  private finish(outcome: "OK" | ErrorCode): void {
    this.outcome = outcome;
    this.since = performance.now();
  }

  private logAccess(access: AccessLog, outcome: "OK" | ErrorCode): void {
    access({
      transport: "grpc",
      method: String(this.headers[":method"]),
      path: String(this.headers[":path"]),
      status: outcome === "OK" ? 0 : ERRORS[outcome].grpc,
      ids: this.logIds,
      started: this.arrived,
      subject: this.principal?.subject,
    });
  }

  private cancel(): void {
    this.cancelled = true;
    this.incoming.stop();
    const { onCancel } = this;
    this.onCancel = undefined;
    onCancel?.();
  }
}

function late(): ServerError {
  return new ServerError("DeadlineExceeded", "The call's deadline passed before it was answered.");
}
