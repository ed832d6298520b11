import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Logger } from "pino";
import type { DataPlane } from "../dataplane/dataplane";
import { ERRORS, invalid, publicError, RETRY_AFTER_SECONDS, type ServerError } from "../errors";
import type { Metrics } from "../metrics/metrics";
import type { InferRequest, ServedModel } from "../models/served-model";
import { ClientGone, readBody } from "./body";
import { formatInferResponse, parseInferRequest } from "./infer-codec";
import { requestId } from "./request-id";
import { matchRoute, MethodNotAllowed, type Match } from "./routes";

export interface RestOptions {
  readonly dataPlane: DataPlane;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly maxBodyBytes: number;
}

/** Answers V2 REST requests. */
export function createRestHandler(options: RestOptions): RequestListener {
  return (request, response) => {
    const id = requestId(request);
    response.setHeader("x-request-id", id);
    handle(options, request, response).catch((error: unknown) => {
      if (!(error instanceof ClientGone)) refuse(options, id, response, error);
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

async function infer(
  options: RestOptions,
  match: Match,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let model: ServedModel;
  try {
    model = options.dataPlane.resolve(match.model, match.version);
  } catch (error) {
    options.metrics.unknownModel(publicError(error).code);
    throw error;
  }
  const started = performance.now();
  try {
    if (request.headers["inference-header-content-length"] !== undefined) {
      throw invalid(
        "Binary tensor data (Inference-Header-Content-Length) is not taken; send the tensors as JSON.",
      );
    }
    const body = await readBody(request, options.maxBodyBytes);
    const { id, parameters, inputs, outputs } = parseInferRequest(body);
    const run: InferRequest = { inputs, outputs };
    response.once("close", () => {
      if (!response.writableFinished) run.cancelled = true;
    });
    const tensors = await options.dataPlane.infer(model, run);
    const text = formatInferResponse({
      model: model.name,
      version: model.version,
      id,
      parameters,
      outputs: tensors,
    });
    sendText(options, response, 200, text);
    model.metrics.succeeded((performance.now() - started) / 1000);
  } catch (error) {
    if (!(error instanceof ClientGone))
      model.metrics.failed(publicError(error).code, (performance.now() - started) / 1000);
    throw error;
  }
}

async function wantsReadyOnly(options: RestOptions, request: IncomingMessage): Promise<boolean> {
  const body = await readBody(request, options.maxBodyBytes);
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
  response.end(text);
}
