import type { RequestListener } from "node:http";
import type { AccessLog } from "../access-log";
import { ERRORS } from "../errors";
import type { Connections } from "./connections";
import { ControlExchange } from "./control-exchange";
import { Exchange, type RestOptions } from "./exchange";
import { bareAnswerOf } from "./http-server";
import { GenerateExchange } from "./generate-exchange";
import type { Incoming } from "./incoming";
import { InferExchange } from "./infer-exchange";
import type { Outgoing } from "./outgoing";
import { Router, type Match, type Surface } from "./routes";

export type { RestOptions } from "./exchange";

/** Answers the V2 REST requests of one listener. */
export function createRestHandler(
  options: RestOptions,
  connections: Connections,
  surface: Surface = "all",
): RequestListener<typeof Incoming, typeof Outgoing> {
  const router = new Router(surface);
  const debug = options.log.isLevelEnabled("debug");
  const { access } = options;
  return (request, response) => {
    let match: Match | undefined;
    let failure: unknown;
    try {
      match = router.match(request.method!, request.url!);
    } catch (error) {
      failure = error;
    }
    const exchange = exchangeFor(match, options, request, response);
    connections.began(exchange);
    if (match === undefined) exchange.refuse(failure);
    else start(exchange, match);
    if (debug) logWhenDone(exchange);
    if (access !== undefined) logAccess(access, exchange);
  };
}

function exchangeFor(
  match: Match | undefined,
  options: RestOptions,
  request: Incoming,
  response: Outgoing,
): Exchange {
  switch (match?.operation) {
    case undefined:
      return new Exchange(options, request, response);
    case "infer":
      return new InferExchange(options, request, response);
    case "generate":
    case "generateStream":
      return new GenerateExchange(options, request, response);
    default:
      return new ControlExchange(options, request, response);
  }
}

/** Starts what the caller may do. */
function start(exchange: Exchange, match: Match): void {
  const { authenticator } = exchange.options;
  const { scope } = match.route;
  try {
    if (authenticator !== undefined && scope !== undefined) {
      const pending = exchange.authorize(authenticator, scope);
      if (pending !== undefined) {
        pending
          // Nobody would tell an exchange that begins now that its client has gone; it would hold its model for ever.
          .then(() => exchange.request.socket.destroyed || exchange.start(match))
          .catch((error: unknown) => exchange.refuse(error));
        return;
      }
    }
    exchange.start(match);
  } catch (error) {
    exchange.refuse(error);
  }
}

function logAccess(access: AccessLog, exchange: Exchange): void {
  const started = performance.now();
  const { request, response } = exchange;
  const { method, url: path } = request as { method: string; url: string };
  response.once("close", () => {
    const status = statusOf(exchange);
    const subject = exchange.principal?.subject;
    access({ transport: "rest", method, path, status, ids: exchange.logIds, started, subject });
  });
}

function logWhenDone(exchange: Exchange): void {
  const { options, request, response } = exchange;
  const { method, url } = request;
  response.once("close", () =>
    options.log.debug({ ...exchange.logIds, method, url, status: statusOf(exchange) }, "request"),
  );
}

/** Of a request that is over: Node gives a response the status 200 before anybody has answered. */
function statusOf({ request, response }: Exchange): number {
  if (response.headersSent) return response.statusCode;
  return bareAnswerOf(request.socket) ?? ERRORS.Cancelled.http;
}
