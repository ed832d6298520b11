import { readFileSync } from "node:fs";
import { Agent, request } from "undici";
import type { LocalSession } from "./local-session";

export interface GatewayAnswer {
  status: number;
  /** The body's text, as it came. */
  text: string;
}

/** Calls the local stack through its gateway, trusting the stack's own certificate authority and no other. */
export class GatewayClient {
  private readonly agent: Agent;

  constructor(private readonly session: Pick<LocalSession, "endpoint" | "caCertificate">) {
    this.agent = new Agent({
      connect: { ca: readFileSync(session.caCertificate), timeout: 5_000 },
      headersTimeout: 120_000,
    });
  }

  /** @param options.timeoutMs for the whole answer @default 120 000 until its headers */
  async call(
    path: string,
    options: { token?: string; body?: string; headers?: Record<string, string>; timeoutMs?: number } = {},
  ): Promise<GatewayAnswer> {
    const response = await request(new URL(path, this.session.endpoint), {
      dispatcher: this.agent,
      method: options.body === undefined ? "GET" : "POST",
      headers: {
        ...(options.token ? { authorization: `Bearer ${options.token}` } : {}),
        ...(options.body === undefined ? {} : { "content-type": "application/json" }),
        ...options.headers,
      },
      body: options.body,
      ...(options.timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(options.timeoutMs) }),
    });
    return { status: response.statusCode, text: await response.body.text() };
  }

  async close(): Promise<void> {
    await this.agent.close();
  }
}

/** The path of a model's inference endpoint. */
export function inferPath(model: string, version?: string): string {
  const suffix = version === undefined ? "" : `/versions/${encodeURIComponent(version)}`;
  return `/v2/models/${encodeURIComponent(model)}${suffix}/infer`;
}
