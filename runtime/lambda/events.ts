import type { IncomingHttpHeaders } from "node:http";

/** A request as the server takes it. */
export interface HttpRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A request that came as an event, and how its answer goes back. */
export interface HttpEvent {
  readonly request: HttpRequest;
  /** Bytes that an answer may have once it is wrapped for whoever asked. */
  readonly largestAnswer: number;
  /** Wraps an answer for whoever asked. */
  wrap(answer: HttpAnswer): object;
}

/** Bytes of an event and of its answer: Lambda carries no more of one that is awaited. */
export const LAMBDA_BYTES = 6 * 2 ** 20;

/** Bytes of an answer that a load balancer takes. */
const LOAD_BALANCER_BYTES = 2 ** 20;

/** Belong to a connection, which here is not the client's. */
const HOP_BY_HOP = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

type Fields = Record<string, unknown>;

/** The request in an event of API Gateway or of a load balancer; undefined for any other event. */
export function httpEvent(event: unknown): HttpEvent | undefined {
  if (!isFields(event) || !isFields(event.requestContext)) return undefined;
  const { requestContext } = event;
  if (event.version === "2.0" && isFields(requestContext.http)) return httpApi(event, requestContext);
  if (typeof event.httpMethod !== "string" || typeof event.path !== "string") return undefined;
  return "elb" in requestContext ? loadBalancer(event) : restApi(event, requestContext);
}

/** API Gateway's HTTP APIs, payload format 2.0. */
function httpApi(event: Fields, context: Fields): HttpEvent {
  const http = context.http as Fields;
  const query = text(event.rawQueryString);
  const path = withoutStage(text(event.rawPath) || "/", text(context.stage));
  return {
    request: {
      method: text(http.method),
      url: query === "" ? path : `${path}?${query}`,
      headers: headersOf(event),
      body: bodyOf(event),
    },
    largestAnswer: LAMBDA_BYTES,
    wrap: (answer) => ({ statusCode: answer.status, headers: single(answer), ...encoded(answer) }),
  };
}

/** API Gateway's REST APIs, and HTTP APIs with payload format 1.0. */
function restApi(event: Fields, context: Fields): HttpEvent {
  return {
    request: {
      method: text(event.httpMethod),
      url: `${withoutStage(text(event.path), text(context.stage))}${queryOf(event, encodeURIComponent)}`,
      headers: headersOf(event),
      body: bodyOf(event),
    },
    largestAnswer: LAMBDA_BYTES,
    wrap: (answer) => ({
      statusCode: answer.status,
      multiValueHeaders: multiple(answer),
      ...encoded(answer),
    }),
  };
}

/** Application load balancers, with and without headers of several values. */
function loadBalancer(event: Fields): HttpEvent {
  const several = isFields(event.multiValueHeaders);
  return {
    request: {
      method: text(event.httpMethod),
      // A load balancer hands the query on as the client wrote it.
      url: `${text(event.path)}${queryOf(event, (part) => part)}`,
      headers: headersOf(event),
      body: bodyOf(event),
    },
    largestAnswer: LOAD_BALANCER_BYTES,
    wrap: (answer) => ({
      statusCode: answer.status,
      ...(several ? { multiValueHeaders: multiple(answer) } : { headers: single(answer) }),
      ...encoded(answer),
    }),
  };
}

/** `/prod/v2/…` → `/v2/…`: without a domain of its own, an API's stage stands before the path. */
function withoutStage(path: string, stage: string): string {
  const prefix = `/${stage}`;
  const rest = path.slice(prefix.length);
  const staged = stage !== "$default" && path.startsWith(`${prefix}/`) && /^\/v2(\/|$)/.test(rest);
  return staged ? rest : path;
}

function headersOf(event: Fields): Record<string, string | string[]> {
  const given = isFields(event.multiValueHeaders) ? event.multiValueHeaders : event.headers;
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(isFields(given) ? given : {})) {
    const lower = name.toLowerCase();
    if (HOP_BY_HOP.has(lower)) continue;
    headers[lower] = Array.isArray(value) ? value.map(String) : String(value);
  }
  return headers;
}

function queryOf(event: Fields, encode: (part: string) => string): string {
  const several = event.multiValueQueryStringParameters;
  const given = isFields(several) ? several : event.queryStringParameters;
  const pairs = Object.entries(isFields(given) ? given : {}).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one) => `${encode(name)}=${encode(String(one))}`),
  );
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}

function bodyOf(event: Fields): Buffer {
  return Buffer.from(text(event.body), event.isBase64Encoded === true ? "base64" : "utf8");
}

/** Texts as they are; tensors as bytes, and whatever is compressed, in base64. */
function encoded({ headers, body }: HttpAnswer): { body: string; isBase64Encoded: boolean } {
  const type = headers["content-type"] ?? "";
  const isText = /^(application\/json|text\/)/.test(type) && headers["content-encoding"] === undefined;
  return { body: body.toString(isText ? "utf8" : "base64"), isBase64Encoded: !isText };
}

function single({ headers }: HttpAnswer): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !HOP_BY_HOP.has(name)) kept[name] = String(value);
  }
  return kept;
}

function multiple(answer: HttpAnswer): Record<string, string[]> {
  return Object.fromEntries(Object.entries(single(answer)).map(([name, value]) => [name, [value]]));
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
