import { writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Alert } from "../../../runtime/retraining/alert-notification";
import { temporaryFolder } from "../../support/temporary-folder";

export const folder = (): string => temporaryFolder("retraining");

/** A file of a text. */
export function file(dir: string, name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

/** A secret of 32 bytes. */
export const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

export function alert(change: Partial<Alert> = {}, labels: Record<string, string> = {}): Alert {
  return {
    status: "firing",
    labels: {
      alertname: "SlipwayDriftDetected",
      namespace: "models",
      service: "text",
      model: "ocr",
      version: "4",
      severity: "ticket",
      ...labels,
    },
    annotations: {
      summary: "text: 3 features of ocr version 4 have drifted",
      description: "Its answers may be worse.",
      score_psi: "0.31",
    },
    startsAt: "2025-01-31T12:00:00.000Z",
    fingerprint: "1a30ba71cca2921f",
    ...change,
  };
}

/** The body that Alertmanager sends for alerts. */
export function notification(...alerts: readonly Alert[]): string {
  return JSON.stringify({
    version: "4",
    groupKey: '{}/{severity="ticket"}:{alertname="SlipwayDriftDetected"}',
    truncatedAlerts: 0,
    status: "firing",
    receiver: "retraining",
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: "http://alertmanager:9093",
    alerts: alerts.map((one) => ({ ...one, endsAt: "0001-01-01T00:00:00Z", generatorURL: "http://p/graph" })),
  });
}

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** A target over HTTP that answers as it is told, and remembers what it was sent. */
export class TargetServer {
  readonly calls: Call[] = [];
  /** What the next calls are answered with; 200 after them. */
  answers: { status: number; headers?: Record<string, string>; body?: string }[] = [];
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  static async start(): Promise<TargetServer> {
    const target = new TargetServer();
    await new Promise<void>((resolve) => target.server.listen(0, "127.0.0.1", resolve));
    return target;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  /** Resolves when there have been so many calls. */
  async until(count: number): Promise<void> {
    while (this.calls.length < count) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  private async answer(
    request: IncomingMessage,
    response: import("node:http").ServerResponse,
  ): Promise<void> {
    let body = "";
    for await (const piece of request.setEncoding("utf8") as AsyncIterable<string>) body += piece;
    this.calls.push({ method: request.method!, path: request.url!, headers: request.headers, body });
    const { status, headers, body: text } = this.answers.shift() ?? { status: 200 };
    response.writeHead(status, headers).end(text);
  }
}
