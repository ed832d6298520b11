import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { Slot } from "../../rollout/declaration";
import { unreadable } from "../unreadable";

export interface ComparatorAddress {
  /** `http://` or `https://`, a host, and a port where it is not the usual one. */
  readonly url: string;
  readonly slot: Slot;
  readonly caFile?: string;
  readonly keyFile?: string;
  /** Milliseconds that the comparator has for a request. @default TIMEOUT_MS */
  readonly timeoutMs?: number;
}

/** Milliseconds from the first byte that is sent to the last one of the answer. */
const TIMEOUT_MS = 5000;
/** Bytes of an answer that are read. */
const MOST_ANSWER = 65_536;

interface Secrets {
  readonly ca?: Buffer;
  readonly key?: string;
}

/** One connection to the comparator, which is kept open, and opened again when it is gone. */
export class ComparatorClient {
  private readonly target: URL;
  private agent: HttpAgent | undefined;
  private closed = false;

  /** @throws UsageError where a file cannot be read */
  static open(address: ComparatorAddress): ComparatorClient {
    const read = (flag: string, file: string | undefined) => {
      if (file === undefined) return undefined;
      try {
        return readFileSync(file);
      } catch (error) {
        throw unreadable(flag, file, error);
      }
    };
    return new ComparatorClient(address, {
      ca: read("--shadow-ca-file", address.caFile),
      key: read("--shadow-key-file", address.keyFile)?.toString("utf8").trim(),
    });
  }

  private constructor(
    private readonly address: ComparatorAddress,
    private secrets: Secrets,
  ) {
    this.target = new URL(`/v1/outputs/${address.slot}`, address.url);
  }

  /** Sends lines. @returns how many of them were refused. @throws where they did not get there, or none was taken */
  async send(lines: Buffer): Promise<number> {
    if (this.closed) throw new Error("the server ends");
    const { status, body } = await this.post(lines);
    if (status !== 202) throw new Error(`it answered ${status}: ${body.slice(0, 200)}`);
    const { refused } = JSON.parse(body) as { readonly refused?: unknown };
    return typeof refused === "number" ? refused : 0;
  }

  /** After a failure: the authority or the key may have been replaced. What cannot be read stays as it was. */
  async renew(): Promise<void> {
    this.disconnect();
    const { caFile, keyFile } = this.address;
    const read = (file: string | undefined) =>
      file === undefined ? undefined : readFile(file).catch(() => undefined);
    const [ca, key] = await Promise.all([read(caFile), read(keyFile)]);
    this.secrets = {
      ca: ca ?? this.secrets.ca,
      key: key?.toString("utf8").trim() ?? this.secrets.key,
    };
  }

  close(): void {
    this.closed = true;
    this.disconnect();
  }

  private disconnect(): void {
    this.agent?.destroy();
    this.agent = undefined;
  }

  private post(lines: Buffer): Promise<{ readonly status: number; readonly body: string }> {
    const isTls = this.target.protocol === "https:";
    const { ca, key } = this.secrets;
    this.agent ??= isTls
      ? new HttpsAgent({ keepAlive: true, maxSockets: 1, ca, minVersion: "TLSv1.2" })
      : new HttpAgent({ keepAlive: true, maxSockets: 1 });
    const { agent } = this;
    const headers = {
      "content-type": "application/x-ndjson",
      "content-length": lines.length,
      ...(key === undefined ? {} : { "x-api-key": key }),
    };
    return new Promise((resolve, reject) => {
      const request = (isTls ? httpsRequest : httpRequest)(this.target, { method: "POST", agent, headers });
      const { timeoutMs = TIMEOUT_MS } = this.address;
      const late = () => request.destroy(new Error(`it did not answer within ${timeoutMs / 1000} s`));
      const timer = setTimeout(late, timeoutMs);
      // What is sampled keeps no server from ending.
      timer.unref();
      request.on("close", () => clearTimeout(timer));
      request.on("error", reject);
      request.on("response", (response) => {
        bodyOf(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
      });
      request.end(lines);
    });
  }
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  let text = "";
  for await (const piece of response.setEncoding("utf8") as AsyncIterable<string>) {
    text += piece;
    if (text.length > MOST_ANSWER) throw new Error("its answer has no end");
  }
  return text;
}
