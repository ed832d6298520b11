import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Logger } from "pino";
import { accounted, type InferenceAccounts } from "../dataplane/accounted";
import { ERRORS, invalid, publicError, RETRY_AFTER_SECONDS, type ServerError } from "../errors";
import type { InferRequest } from "../models/served-model";
import { readBody } from "./body";
import { formatInferResponse, parseInferRequest } from "./infer-codec";
import { requestId } from "./request-id";
import { matchRoute, MethodNotAllowed, type Match } from "./routes";

export interface RestOptions extends InferenceAccounts {
  readonly log: Logger;
  readonly maxBodyBytes: number;
  /** Seconds. */
  readonly requestTimeout: number;
}

/** Answers V2 REST requests. */
export function createRestHandler(options: RestOptions): RequestListener {
  return (request, response) => {
    const id = requestId(request);
    response.setHeader("x-request-id", id);
    handle(options, request, response).catch((error: unknown) => {
      // Nobody is left to answer.
      if (publicError(error).code !== "Cancelled") refuse(options, id, response, error);
    });
    if (options.log.isLevelEnabled("debug")) {
      const { method, url } = request;
      response.once("close", () =>
        options.log.debug({ requestId: id, method, url, status: response.statusCode }, "request"),
      );
    }
  };
}

async function handle(
  options: RestOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const match = matchRoute(request.method ?? "GET", request.url ?? "/");
  const { dataPlane } = options;
  switch (match.operation) {
    case "infer":
      return infer(options, match, request, response);
    case "live":
      return sendJson(options, response, 200, { live: dataPlane.live() });
    case "ready": {
      const ready = dataPlane.ready();
      return sendJson(options, response, ready ? 200 : 503, { ready });
    }
    case "modelReady": {
      const ready = dataPlane.modelReady(match.model, match.version);
      return sendJson(options, response, ready ? 200 : 503, { name: match.model, ready });
    }
    case "serverMetadata":
      return sendJson(options, response, 200, dataPlane.serverMetadata());
    case "modelMetadata":
      return sendJson(options, response, 200, dataPlane.modelMetadata(match.model, match.version));
    case "repositoryIndex":
      return sendJson(
        options,
        response,
        200,
        dataPlane.repositoryIndex(await wantsReadyOnly(options, request)),
      );
  }
}

function infer(
  options: RestOptions,
  match: Match,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  return accounted(options, match.model, match.version, async (model, share) => {
    if (request.headers["inference-header-content-length"] !== undefined) {
      throw invalid(
        "Binary tensor data (Inference-Header-Content-Length) is not taken; send the tensors as JSON.",
      );
    }
    const body = await readBody(request, options.maxBodyBytes, share);
    const { id, parameters, inputs, outputs: wanted } = parseInferRequest(body);
    const run: InferRequest = { inputs, outputs: wanted };
    response.once("close", () => {
      if (!response.writableFinished) run.cancelled = true;
    });
    const outputs = await options.dataPlane.infer(model, run);
    const { name, version } = model;
    sendText(options, response, 200, formatInferResponse({ model: name, version, id, parameters, outputs }));
  });
}

async function wantsReadyOnly(options: RestOptions, request: IncomingMessage): Promise<boolean> {
  const share = options.budget.open();
  const body = await readBody(request, options.maxBodyBytes, share).finally(() => share.release());
  if (body.length === 0) return false;
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    throw invalid("The request body is not valid JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid("The request body must be a JSON object.");
  }
  return (value as { ready?: unknown }).ready === true;
}

function refuse(options: RestOptions, id: string, response: ServerResponse, error: unknown): void {
  const refusal: ServerError = publicError(error);
  const { http: status } = ERRORS[refusal.code];
  if (status >= 500 && status !== 503)
    options.log.error({ requestId: id, err: refusal.cause ?? refusal }, "a request failed");
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  if (refusal instanceof MethodNotAllowed) response.setHeader("allow", refusal.allowed);
  if (status === 503) response.setHeader("retry-after", RETRY_AFTER_SECONDS);
  if (response.req.complete) sendJson(options, response, status, { error: refusal.message });
  else refuseEarly(response, status, { error: refusal.message });
}

/** Milliseconds that a client may go on sending a body that was refused. */
const LINGER_MS = 1000;

/**
 * Answers before the body is there, then ends the connection. Closing at once would reset it under a client that is
 * still sending, and the client would never read why.
 */
function refuseEarly(response: ServerResponse, status: number, value: unknown): void {
  const text = JSON.stringify(value);
  const { req: request } = response;
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    connection: "close",
  });
  response.write(text);
  const timer = setTimeout(() => response.end(), LINGER_MS);
  request.once("close", () => clearTimeout(timer));
  request.once("end", () => {
    clearTimeout(timer);
    response.end();
  });
  request.resume();
}

function sendJson(options: RestOptions, response: ServerResponse, status: number, value: unknown): void {
  sendText(options, response, status, JSON.stringify(value));
}

function sendText(options: RestOptions, response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader("content-type", "application/json");
  response.setHeader("content-length", Buffer.byteLength(text));
  // A draining server lets every connection end with its answer, so that clients move on.
  if (options.dataPlane.isDraining) response.setHeader("connection", "close");
  // A client that does not read its answer must not keep it in memory; Node lifts this when the answer is gone.
  response.setTimeout(options.requestTimeout * 1000);
  response.end(text);
}
