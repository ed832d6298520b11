import { once } from "node:events";
import { connect, type ClientHttp2Session } from "node:http2";
import { Pool } from "undici";
import type { Question } from "./questions";
import { PATIENCE_MS, type Reply, type Sender, type Target } from "./sender";

interface Body {
  model_version: string;
  outputs: { name: string; data: number[] }[];
}

const pathOf = ({ model }: Target) => `/v2/models/${model}/infer`;

function replyOf(status: number, text: string): Reply {
  if (status !== 200) throw new Error(`HTTP ${status} ${text.slice(0, 200)}`);
  const { model_version: version, outputs } = JSON.parse(text) as Body;
  return { version, outputs };
}

/** Keep-alive connections of HTTP/1.1, one request at a time on each. */
export function http1Sender(target: Target, questions: readonly Question[], connections: number): Sender {
  const pool = new Pool(target.endpoint, {
    connections,
    pipelining: 1,
    connect: { ca: target.caCertificate },
    allowH2: false,
  });
  const headers = {
    authorization: `Bearer ${target.token}`,
    "content-type": "application/json",
    ...target.headers,
  };
  return {
    async send(question) {
      const { statusCode, body } = await pool.request({
        path: pathOf(target),
        method: "POST",
        headers,
        body: questions[question]!.json,
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      return replyOf(statusCode, await body.text());
    },
    close: () => pool.destroy(),
  };
}

/** Node itself resets streams of a session that holds more than 10 MB, as it does when the machine stands still for a second. */
const SESSION_MEMORY_MB = 1_000;

/** A stream that was refused was not processed (RFC 9113, 8.7), as on a connection that closes; HTTP libraries send it anew. */
const isRefused = (error: unknown) =>
  error instanceof Error && error.message.includes("NGHTTP2_REFUSED_STREAM");

/** Connections of HTTP/2 that carry many requests at once; one that says it will close is followed by a new one. */
export async function http2Sender(
  target: Target,
  questions: readonly Question[],
  connections: number,
): Promise<Sender> {
  const authority = new URL(target.endpoint);
  const open = (): ClientHttp2Session => {
    const session = connect(authority, {
      ca: target.caCertificate,
      ALPNProtocols: ["h2"],
      maxSessionMemory: SESSION_MEMORY_MB,
    });
    session.on("error", () => undefined);
    // What is under way on it is still answered.
    session.on("goaway", () => session.close());
    session.unref();
    return session;
  };
  const sessions = Array.from({ length: connections }, open);
  await Promise.all(sessions.map((session) => once(session, "connect")));
  let turn = 0;
  const next = (): ClientHttp2Session => {
    const at = turn++ % sessions.length;
    if (sessions[at]!.closed || sessions[at]!.destroyed) sessions[at] = open();
    return sessions[at]!;
  };
  const ask = (question: number): Promise<{ status: number; text: string }> =>
    new Promise((resolve, reject) => {
      const stream = next().request({
        ":method": "POST",
        ":path": pathOf(target),
        authorization: `Bearer ${target.token}`,
        "content-type": "application/json",
        ...target.headers,
      });
      let status = 0;
      const chunks: Buffer[] = [];
      stream.setTimeout(PATIENCE_MS, () => stream.destroy(new Error("no answer in time")));
      stream.on("response", (headers) => (status = Number(headers[":status"])));
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("error", reject);
      stream.on("close", () =>
        status === 0 || stream.rstCode !== 0
          ? reject(new Error(`the stream was reset with code ${stream.rstCode}`))
          : resolve({ status, text: Buffer.concat(chunks).toString() }),
      );
      stream.end(questions[question]!.json);
    });
  return {
    async send(question) {
      const { status, text } = await ask(question).catch((error: unknown) => {
        if (isRefused(error)) return ask(question);
        throw error;
      });
      return replyOf(status, text);
    },
    close: () => {
      for (const session of sessions) session.destroy();
      return Promise.resolve();
    },
  };
}
