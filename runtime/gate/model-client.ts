import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "undici";
import { MODELS_PATH } from "../contract";
import { messageOf } from "../message-of";
import { unreadable } from "../unreadable";
import type { Output } from "../quality/answers";
import type { Row } from "./dataset";
import { Unmeasurable } from "../quality/unmeasurable";

/** Asking again is harmless: inference is idempotent. */
const ATTEMPTS = 5;
const FIRST_DELAY_MS = 100;
/** A server that is busy, starting or going. */
const PASSING = new Set([429, 502, 503, 504]);
const MOST_ANSWER_BYTES = 64 * 2 ** 20;

export interface ModelClientOptions {
  /** "candidate" or "live", for messages. */
  readonly side: string;
  /** Address of the slot's Service. */
  readonly url: string;
  /** PEM file of the authority of the server's certificate; without one, those of the machine. */
  readonly caFile?: string;
  readonly model: string;
  /** Undefined takes the model's only output. */
  readonly output: string | undefined;
  /** Requests under way at a time. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
}

/** Sends rows to one slot, over a few connections that stay open. */
export class ModelClient {
  private readonly pool: Pool;
  private readonly path: string;

  /** @throws UsageError where the authority's file cannot be read */
  constructor(private readonly options: ModelClientOptions) {
    const { origin, pathname } = new URL(options.url);
    this.path = `${pathname.replace(/\/+$/, "")}${MODELS_PATH}/${encodeURIComponent(options.model)}/infer`;
    this.pool = new Pool(origin, {
      connections: options.concurrency,
      maxResponseSize: MOST_ANSWER_BYTES,
      ...(options.caFile === undefined ? {} : { connect: { ca: readAuthority(options.caFile) } }),
    });
  }

  /** The judged output for every row, in their order. @throws Unmeasurable at the first row that stays unanswered */
  async askAll(rows: readonly Row[]): Promise<Output[]> {
    const outputs = new Array<Output>(rows.length);
    let next = 0;
    let isBroken = false;
    const work = async () => {
      while (next < rows.length && !isBroken) {
        const i = next++;
        try {
          outputs[i] = await this.ask(rows[i]!, i + 1);
        } catch (error) {
          isBroken = true;
          throw error;
        }
      }
    };
    const workers = Array.from({ length: Math.min(this.options.concurrency, rows.length) }, work);
    await Promise.all(workers);
    return outputs;
  }

  async close(): Promise<void> {
    await this.pool.destroy();
  }

  private async ask(row: Row, number: number): Promise<Output> {
    const { side, signal } = this.options;
    for (let attempt = 1; ; attempt++) {
      const answer = await this.send(row);
      if (answer.status === 200) return this.judged(answer.text, number);
      if (signal.aborted) throw new Unmeasurable(`the ${side} had not answered row ${number} in time`);
      if (!answer.passes || attempt === ATTEMPTS)
        throw new Unmeasurable(`the ${side} did not answer row ${number}: ${answer.text}`);
      // Where the signal ends the wait, the next attempt ends at once.
      await sleep(FIRST_DELAY_MS * 2 ** (attempt - 1), undefined, { signal }).catch(() => undefined);
    }
  }

  private async send({ inputs }: Row): Promise<{ status: number; text: string; passes: boolean }> {
    const { output, signal } = this.options;
    try {
      const response = await this.pool.request({
        method: "POST",
        path: this.path,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ inputs, ...(output === undefined ? {} : { outputs: [{ name: output }] }) }),
        signal,
      });
      const status = response.statusCode;
      const text = await response.body.text();
      if (status === 200) return { status, text, passes: false };
      return { status, text: `${serverSentence(text)} (HTTP ${status})`, passes: PASSING.has(status) };
    } catch (error) {
      const cause = messageOf(error) || (error as NodeJS.ErrnoException).code || "no connection";
      // A certificate that is not trusted now will not be trusted later.
      return { status: 0, text: cause, passes: !/certificate|self.signed|altname/i.test(cause) };
    }
  }

  private judged(text: string, number: number): Output {
    const { side, output } = this.options;
    const where = `the ${side}'s answer to row ${number}`;
    const outputs = outputsIn(text);
    if (outputs === undefined) throw new Unmeasurable(`${where} is not of the V2 protocol`);
    const found = output === undefined ? outputs : outputs.filter(({ name }) => name === output);
    const [only] = found;
    if (found.length === 1 && Array.isArray(only!.data)) {
      return {
        datatype: String(only!.datatype),
        shape: only!.shape ?? [],
        data: only!.data.flat(32) as number[],
      };
    }
    const names = outputs.map(({ name }) => name).join(", ");
    if (output !== undefined) throw new Unmeasurable(`${where} has no output "${output}"; it has ${names}`);
    throw new Unmeasurable(`${where} has ${outputs.length} outputs (${names}); the gate must name one`);
  }
}

interface RawOutput {
  readonly name?: string;
  readonly datatype?: string;
  readonly shape?: number[];
  readonly data?: unknown[];
}

function outputsIn(text: string): RawOutput[] | undefined {
  try {
    const { outputs } = JSON.parse(text) as { outputs?: unknown };
    return Array.isArray(outputs) ? (outputs as RawOutput[]) : undefined;
  } catch {
    return undefined;
  }
}

/** The server's own words where it said something. */
function serverSentence(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    if (typeof error === "string") return error.replace(/\.$/, "");
  } catch {
    // Not the server's: shown as it is.
  }
  return text.trim().slice(0, 300) || "no reason given";
}

function readAuthority(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw unreadable("--ca-file", file, error);
  }
}
