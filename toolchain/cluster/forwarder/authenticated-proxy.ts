import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";

/** How long the other side may take to begin its answer, in milliseconds: a long query takes its time. */
const ANSWER_TIMEOUT_MS = 120_000;

/** Headers of one connection, which say nothing of the next: RFC 9110, section 7.6.1. */
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

/**
 * Carries HTTP requests to `target` that have these credentials (basic authentication, RFC 7617), and answers all others 401.
 * A port on loopback is open to every user of the machine; the credentials are one's own.
 */
export function createAuthenticatedProxy(
  target: { readonly host: string; readonly port: number },
  credentials: { readonly user: string; readonly password: string },
): Server {
  const expected = digest(
    `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString("base64")}`,
  );
  return createServer((incoming, outgoing) => {
    if (!timingSafeEqual(digest(incoming.headers.authorization ?? ""), expected)) return refuse(outgoing);
    pass(incoming, outgoing, target);
  });
}

/** Of equal length, whatever was sent. */
const digest = (text: string) => createHash("sha256").update(text).digest();

function refuse(outgoing: ServerResponse): void {
  const headers = {
    "www-authenticate": 'Basic realm="slipway", charset="UTF-8"',
    "content-type": "text/plain",
  };
  outgoing
    .writeHead(401, headers)
    .end("Unauthorized: `npx slipway outputs` prints the address with its credentials.\n");
}

function pass(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { host, port }: { host: string; port: number },
) {
  const headers = withoutHops(incoming.headers);
  delete headers.authorization;
  const upstream = request(
    { host, port, method: incoming.method, path: incoming.url, headers, timeout: ANSWER_TIMEOUT_MS },
    (answer) => {
      outgoing.writeHead(answer.statusCode!, withoutHops(answer.headers));
      answer.pipe(outgoing);
      // Half an answer must not look like a whole one.
      answer.once("error", () => outgoing.destroy());
    },
  );
  upstream.once("timeout", () =>
    upstream.destroy(new Error(`no answer within ${ANSWER_TIMEOUT_MS / 1000} s`)),
  );
  upstream.once("error", (error) => {
    if (outgoing.headersSent) outgoing.destroy();
    else outgoing.writeHead(502, { "content-type": "text/plain" }).end(`Bad gateway: ${error.message}\n`);
  });
  outgoing.once("close", () => upstream.destroy());
  incoming.pipe(upstream);
}

function withoutHops(headers: IncomingMessage["headers"]): IncomingMessage["headers"] {
  const kept = { ...headers };
  for (const name of HOP_BY_HOP) delete kept[name];
  return kept;
}
