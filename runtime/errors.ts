import { GIVEN_UP_AFTER } from "./contract";

/** Every way in which the server refuses, once: what REST and gRPC answer, and what the reference documents. */
export const ERRORS = {
  InvalidArgument: {
    http: 400,
    grpc: 3,
    doc: "the request is malformed, or its tensors do not fit the model",
  },
  Unauthenticated: {
    http: 401,
    grpc: 16,
    doc: "no credentials, or none that are valid; see the `WWW-Authenticate` header",
  },
  PermissionDenied: {
    http: 403,
    grpc: 7,
    doc: "the credentials are valid, but lack the scope that is asked for",
  },
  KeysUnavailable: {
    http: 503,
    grpc: 14,
    doc: "the keys that tokens are checked with cannot be fetched from `--jwks-url`; retry after the seconds in `Retry-After`",
  },
  ModelNotFound: { http: 404, grpc: 5, doc: "the repository has no such model or version" },
  RouteNotFound: { http: 404, grpc: 12, doc: "no such path" },
  MethodNotAllowed: {
    http: 405,
    grpc: 12,
    doc: "the path exists, but not with this method; see the `Allow` header",
  },
  PayloadTooLarge: {
    http: 413,
    grpc: 8,
    doc: "the body is larger than `--max-body-bytes`, or the arrays, objects, keys and long numbers of its JSON take more memory than `--max-pending-bytes`",
  },
  Overloaded: {
    http: 503,
    grpc: 14,
    doc: "requests hold `--max-pending-bytes` already; retry after the seconds in `Retry-After`",
  },
  UnsupportedEncoding: {
    http: 415,
    grpc: 12,
    doc: "the body's Content-Encoding is neither gzip nor deflate; see the `Accept-Encoding` header",
  },
  QueueFull: {
    http: 503,
    grpc: 14,
    doc: "the model's queue is full, or `maxConcurrentRequests` are under way; retry after the seconds in `Retry-After`",
  },
  DeadlineExceeded: {
    http: 504,
    grpc: 4,
    doc: "the request's `timeout`, its gRPC deadline or the queue's timeout passed before it ran",
  },
  Conflict: {
    http: 409,
    grpc: 9,
    doc: "the server's mode of repository control does not allow that",
  },
  ModelNotReady: { http: 503, grpc: 14, doc: "the model is loading or could not be loaded" },
  Cancelled: {
    http: 499,
    grpc: 1,
    doc: "the client has gone; nobody reads this answer, the metrics count it",
  },
  GivenUp: {
    http: 504,
    grpc: 4,
    doc: `the client has gone after ${GIVEN_UP_AFTER} s or more, as the gateway does whose time for the request is over; only the metrics say so`,
  },
  Draining: { http: 503, grpc: 14, doc: "the server is shutting down; another replica will answer" },
  WorkerCrashed: {
    http: 500,
    grpc: 14,
    doc: "the model's worker died while it ran the request; it is being replaced",
  },
  Internal: {
    http: 500,
    grpc: 13,
    doc: "a fault of the server or the model; the log holds the request id and the cause",
  },
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** Seconds that a client is asked to wait before it retries a 503. */
export const RETRY_AFTER_SECONDS = 1;

/** Characters; names and shapes come from the request, and gRPC sends messages in a header. */
const LONGEST_MESSAGE = 1000;

/** A refusal whose message is for the client: one sentence, without paths or stacks. */
export class ServerError extends Error {
  override readonly name = "ServerError";

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(shortened(message), options);
  }
}

function shortened(message: string): string {
  if (message.length <= LONGEST_MESSAGE) return message;
  // Half a surrogate pair could not be encoded.
  return `${message.slice(0, LONGEST_MESSAGE).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/** What is left of a request whose client has gone; never sent. */
export function cancelled(): ServerError {
  return new ServerError("Cancelled", "The client has gone.");
}

/** Shorthand for the client's mistakes. */
export function invalid(message: string): ServerError {
  return new ServerError("InvalidArgument", message);
}

/** What a client may be told: our own refusals as they are, anything else as an unexplained fault. */
export function publicError(error: unknown): ServerError {
  if (error instanceof ServerError) return error;
  return new ServerError("Internal", "The server failed to process the request; its log holds the cause.", {
    cause: error,
  });
}
