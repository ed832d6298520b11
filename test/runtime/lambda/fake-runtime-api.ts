import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { projectRoot } from "../../../toolchain/paths";
import { LocalServer } from "../support/local-server";

/** What the process told Lambda. */
export interface Told {
  /** `response`, `error` or `init`. */
  readonly kind: string;
  readonly requestId: string | undefined;
  readonly errorType: string | undefined;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read answers field by field
  readonly body: any;
  readonly text: string;
}

/** Lambda's side of the Runtime API, over HTTP as Lambda speaks it. */
export class FakeRuntimeApi extends LocalServer {
  private readonly queue: { event: unknown; deadline: number }[] = [];
  private waiting: ServerResponse | undefined;
  private readonly told: Told[] = [];
  private wake: () => void = () => undefined;
  private count = 0;
  /** Answers of more bytes are refused with 413. */
  largest = Infinity;

  protected answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url!.replace("/2018-06-01/runtime/", "");
    if (path === "invocation/next") {
      this.waiting = response;
      // A process that has ended waits for nothing.
      response.once("close", () => {
        if (this.waiting === response) this.waiting = undefined;
      });
      this.hand();
      return;
    }
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const text = Buffer.concat(pieces).toString();
      const [, requestId, kind] = /^invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
      if (kind === "response" && text.length > this.largest) return void response.writeHead(413).end("{}");
      const errorType = request.headers["lambda-runtime-function-error-type"] as string | undefined;
      this.told.push({
        kind: kind ?? path.split("/")[0]!,
        requestId,
        errorType,
        body: text === "" ? undefined : JSON.parse(text),
        text,
      });
      response.writeHead(202).end('{"status":"OK"}');
      this.wake();
    });
  }

  /** Sends an event and waits for what the process says of it. @param seconds that the function has */
  async invoke(event: unknown, seconds = 10): Promise<Told> {
    this.queue.push({ event, deadline: Date.now() + seconds * 1000 });
    this.hand();
    return this.next();
  }

  async next(): Promise<Told> {
    while (this.told.length === 0) await new Promise<void>((resolve) => (this.wake = resolve));
    return this.told.shift()!;
  }

  private hand(): void {
    const response = this.waiting;
    const next = response && this.queue.shift();
    if (!response || !next) return;
    this.waiting = undefined;
    response
      .writeHead(200, {
        "lambda-runtime-aws-request-id": `request-${++this.count}`,
        "lambda-runtime-deadline-ms": String(next.deadline),
        "lambda-runtime-invoked-function-arn": "arn:aws:lambda:eu-central-1:123456789012:function:ocr",
      })
      .end(typeof next.event === "string" ? next.event : JSON.stringify(next.event));
  }
}

/** The entry of the image as Lambda starts it. */
export class FunctionProcess {
  readonly child: ChildProcess;
  stdout = "";
  stderr = "";
  readonly ended: Promise<number | null>;

  constructor(api: FakeRuntimeApi, environment: Record<string, string>) {
    this.child = spawn(process.execPath, ["-r", "tsx/cjs", join(projectRoot, "runtime/main.ts"), "lambda"], {
      cwd: projectRoot,
      env: {
        ...process.env,
        AWS_LAMBDA_RUNTIME_API: api.host,
        AWS_LAMBDA_FUNCTION_NAME: "ocr",
        ...environment,
      },
    });
    this.child.stdout!.on("data", (text) => (this.stdout += text));
    this.child.stderr!.on("data", (text) => (this.stderr += text));
    this.ended = once(this.child, "close").then(([code]) => code as number | null);
  }

  async stop(): Promise<void> {
    this.child.kill("SIGTERM");
    await this.ended;
  }
}
