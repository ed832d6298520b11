import { ServerError, publicError, ERRORS } from "../errors";
import { httpEvent, LAMBDA_BYTES, type HttpAnswer, type HttpEvent, type HttpRequest } from "./events";
import type { Failure, Invocation } from "./runtime-api";

/** What answers requests. */
export interface Handler {
  models(): string[];
  handle(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
}

/** What Lambda is told of an event: its answer, or that it failed. */
export type Outcome =
  | { readonly payload: Buffer; readonly request?: HttpRequest; readonly status?: number }
  | { readonly failure: Failure; readonly request?: HttpRequest; readonly status?: number };

/** Milliseconds before the function's time is up at which a request is given up: Lambda kills a process that is late. */
const MARGIN_MS = 250;

/** The most that a timer takes. */
const LONGEST_MS = 2 ** 31 - 1;

const JSON_HEADERS = { "content-type": "application/json" };

/** Answers one event: an HTTP request of API Gateway or a load balancer, or a V2 inference request as it is. */
export async function answerInvocation(server: Handler, invocation: Invocation): Promise<Outcome> {
  const event = parsed(invocation.payload);
  const http = httpEvent(event);
  if (http !== undefined) return answerHttp(server, invocation, http);
  return answerDirect(server, invocation, event);
}

async function answerHttp(server: Handler, invocation: Invocation, event: HttpEvent): Promise<Outcome> {
  const request = withRequestId(event.request, invocation.requestId);
  const answer = await inTime(server, request, invocation.deadline);
  const payload = Buffer.from(JSON.stringify(event.wrap(answer)));
  if (payload.length <= event.largestAnswer) return { payload, request, status: answer.status };
  const refusal = refused(tooLargeAnswer(payload.length, event.largestAnswer));
  return { payload: Buffer.from(JSON.stringify(event.wrap(refusal))), request, status: refusal.status };
}

/** The V2 request is the event, and the V2 response its answer. */
async function answerDirect(server: Handler, invocation: Invocation, event: unknown): Promise<Outcome> {
  const target = directTarget(server, event);
  if (target instanceof ServerError) return { failure: failureOf(400, target.message) };
  const request: HttpRequest = {
    method: "POST",
    url: `/v2/models/${target}/infer`,
    headers: { ...JSON_HEADERS, "x-request-id": invocation.requestId },
    // As it came: JavaScript's numbers would not hold every INT64.
    body: invocation.payload,
  };
  const { status, headers, body } = await inTime(server, request, invocation.deadline);
  if (status !== 200) return { failure: failureOf(status, sentenceOf(body)), request, status };
  if (headers["content-type"] !== JSON_HEADERS["content-type"]) {
    const sentence =
      "The answer has tensors as bytes (`binary_data`), which a direct invocation cannot carry; leave them as JSON.";
    return { failure: failureOf(400, sentence), request, status: 400 };
  }
  if (body.length > LAMBDA_BYTES) {
    const { message } = tooLargeAnswer(body.length, LAMBDA_BYTES);
    return { failure: failureOf(413, message), request, status: 413 };
  }
  return { payload: body, request, status };
}

/** `NAME` or `NAME/versions/VERSION`, or what is wrong. */
function directTarget(server: Handler, event: unknown): string | ServerError {
  const fields = (typeof event === "object" && event !== null ? event : {}) as Record<string, unknown>;
  const models = server.models();
  const { model_name: name = models.length === 1 ? models[0] : undefined, model_version: version } = fields;
  if (!Array.isArray(fields.inputs)) {
    return new ServerError(
      "InvalidArgument",
      "The event must be a request of API Gateway or a load balancer, or a V2 inference request with `inputs`.",
    );
  }
  if (typeof name !== "string") {
    return new ServerError(
      "InvalidArgument",
      `\`model_name\` must be given: the function serves ${models.join(", ")}.`,
    );
  }
  const model = encodeURIComponent(name);
  return version === undefined || version === ""
    ? model
    : `${model}/versions/${encodeURIComponent(String(version))}`;
}

/** Answers, at the latest just before Lambda would end the process and everything that it has loaded. */
async function inTime(server: Handler, request: HttpRequest, deadline: number): Promise<HttpAnswer> {
  const left = Number.isFinite(deadline) ? deadline - Date.now() - MARGIN_MS : LONGEST_MS;
  const late = new ServerError(
    "DeadlineExceeded",
    "The function's time was up before the request was answered; give it more (`timeout`), or a smaller request.",
  );
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(late), Math.min(Math.max(left, 0), LONGEST_MS));
  try {
    return await server.handle(request, control.signal);
  } catch (error) {
    if (control.signal.aborted) return refused(late);
    if (isUnsendable(error)) {
      return refused(
        new ServerError("InvalidArgument", "The request's method, path or headers are not valid HTTP."),
      );
    }
    return refused(publicError(error));
  } finally {
    clearTimeout(timer);
  }
}

/** Node sends no request that would not be one. */
function isUnsendable(error: unknown): boolean {
  return /^ERR_(INVALID_CHAR|INVALID_HTTP_TOKEN|UNESCAPED_CHARACTERS|HTTP_INVALID_HEADER_VALUE)$/.test(
    String((error as NodeJS.ErrnoException | undefined)?.code),
  );
}

function refused({ code, message }: ServerError): HttpAnswer {
  const body = Buffer.from(JSON.stringify({ error: message }));
  return { status: ERRORS[code].http, headers: JSON_HEADERS, body };
}

function tooLargeAnswer(bytes: number, most: number): ServerError {
  return new ServerError(
    "PayloadTooLarge",
    `The answer takes ${bytes} bytes on its way out of the function, which may have ${most}; ask for fewer outputs or fewer rows.`,
  );
}

function failureOf(status: number, errorMessage: string): Failure {
  return { errorType: status < 500 ? "Slipway.RequestRefused" : "Slipway.RequestFailed", errorMessage };
}

function sentenceOf(body: Buffer): string {
  const { error } = (parsed(body) ?? {}) as { error?: unknown };
  return typeof error === "string"
    ? error
    : "The server failed to process the request; its log holds the cause.";
}

/** The client's own ID, or Lambda's, so that both logs tell of the same request. */
function withRequestId(request: HttpRequest, requestId: string): HttpRequest {
  return { ...request, headers: { "x-request-id": requestId, ...request.headers } };
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}
