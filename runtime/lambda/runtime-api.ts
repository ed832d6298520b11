import { Agent, request, type IncomingHttpHeaders } from "node:http";

/** One event, and until when it must be answered. */
export interface Invocation {
  readonly requestId: string;
  /** Milliseconds since 1970 at which Lambda ends the process. */
  readonly deadline: number;
  /** The event as it came. */
  readonly payload: Buffer;
}

/** What Lambda is told of a failure; it shows both to whoever invoked the function, or in the console. */
export interface Failure {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** The Runtime API did not do what it is documented to do. */
export class RuntimeApiFailure extends Error {
  override readonly name = "RuntimeApiFailure";
  readonly exitCode = 1;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const ERROR_TYPE = "application/vnd.aws.lambda.error+json";

/**
 * The Runtime API of AWS Lambda, version 2018-06-01: how a process gets events and answers them. The same for every image, so
 * that the server's own needs nothing of AWS in it.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class RuntimeApi {
  private readonly agent = new Agent({ keepAlive: true });
  private readonly base: string;

  /** @param address `host:port`, as Lambda sets AWS_LAMBDA_RUNTIME_API */
  constructor(address: string) {
    this.base = `http://${address}/2018-06-01/runtime`;
  }

  /** Waits for the next event, however long: the process may be frozen meanwhile. */
  async next(): Promise<Invocation> {
    const { status, headers, body } = await this.call("GET", "/invocation/next");
    const requestId = headers["lambda-runtime-aws-request-id"];
    if (status !== 200 || typeof requestId !== "string") {
      throw new RuntimeApiFailure(`Lambda's Runtime API answered ${status} to /invocation/next.`);
    }
    return { requestId, deadline: Number(headers["lambda-runtime-deadline-ms"]), payload: body };
  }

  /** @returns false where Lambda takes no answer of this size */
  async respond(requestId: string, payload: Buffer): Promise<boolean> {
    const { status } = await this.call("POST", `/invocation/${requestId}/response`, payload);
    if (status === 413) return false;
    if (status >= 300) {
      throw new RuntimeApiFailure(`Lambda's Runtime API answered ${status} to the response of ${requestId}.`);
    }
    return true;
  }

  /** The event could not be answered; the next one can. */
  async fail(requestId: string, failure: Failure): Promise<void> {
    await this.report(`/invocation/${requestId}/error`, failure);
  }

  /** The process cannot serve at all. It should end then. */
  async failInit(failure: Failure): Promise<void> {
    await this.report("/init/error", failure);
  }

  private async report(path: string, failure: Failure): Promise<void> {
    const body = Buffer.from(JSON.stringify({ ...failure, stackTrace: [] }));
    await this.call("POST", path, body, {
      "content-type": ERROR_TYPE,
      "lambda-runtime-function-error-type": failure.errorType,
    });
  }

  private call(
    method: "GET" | "POST",
    path: string,
    payload?: Buffer,
    more: Record<string, string> = {},
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const length = payload === undefined ? {} : { "content-length": payload.length };
      const options = { method, agent: this.agent, headers: { ...more, ...length } };
      const outgoing = request(`${this.base}${path}`, options, (response) => {
        const pieces: Buffer[] = [];
        response.on("data", (piece: Buffer) => pieces.push(piece));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: Buffer.concat(pieces),
          }),
        );
      });
      outgoing.on("error", (error) =>
        reject(
          new RuntimeApiFailure(`Lambda's Runtime API cannot be reached: ${error.message}.`, {
            cause: error,
          }),
        ),
      );
      outgoing.end(payload);
    });
  }
}
