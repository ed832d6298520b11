import { credentials, Metadata } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import type { ResourceLog } from "./provider";

const LOG_DEADLINE_MS = 5_000;

/** Sends log lines to the engine. Lines are dropped where there is no engine, e.g. in a unit test. */
export class EngineLog {
  private client: EngineClient | undefined;
  private last: Promise<void> = Promise.resolve();

  constructor(private address: string | undefined) {}

  /** The engine tells a provider that it attaches to where it is. */
  attach(address: string): void {
    this.close();
    this.address = address;
  }

  forResource(urn: string): ResourceLog {
    const send = (severity: LogSeverity, ephemeral: boolean) => (message: string) =>
      this.send(severity, message, urn, ephemeral);
    return {
      debug: send(LogSeverity.DEBUG, false),
      info: send(LogSeverity.INFO, false),
      warn: send(LogSeverity.WARNING, false),
      error: send(LogSeverity.ERROR, false),
      status: send(LogSeverity.INFO, true),
    };
  }

  close(): void {
    this.client?.close();
    this.client = undefined;
  }

  /** Resolves once the engine has what was sent so far: a request's answer must not overtake its log lines. */
  flush(): Promise<void> {
    return this.last;
  }

  private send(severity: LogSeverity, message: string, urn: string, ephemeral: boolean): void {
    if (this.address === undefined) return;
    this.client ??= new EngineClient(this.address, credentials.createInsecure());
    const client = this.client;
    const request = new LogRequest();
    request.setSeverity(severity);
    request.setMessage(message);
    request.setUrn(urn);
    request.setEphemeral(ephemeral);
    // One after the other, so that lines stay in order; a log line that fails to arrive must not fail the work.
    this.last = this.last.then(
      () =>
        new Promise((resolve) => {
          client.log(request, new Metadata(), { deadline: Date.now() + LOG_DEADLINE_MS }, () => resolve());
        }),
    );
  }
}
