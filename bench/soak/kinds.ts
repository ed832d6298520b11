/** The requests of the mix: each is made, its answer judged, and thrown about where it is not as it should be. */
import assert from "node:assert/strict";
import { Agent, request as httpRequest } from "node:http";
import { connect as connectHttp2, constants, type ClientHttp2Session } from "node:http2";
import { connect } from "node:net";
import { AnswerCheck, type Format } from "../load/answers";
import { encodeRequests, JSON_LENGTH } from "../load/requests";
import type { BenchModel } from "../models";
import type { Row } from "../rows";
import type { BoundPorts } from "../server-process";

export interface Kind {
  readonly name: string;
  /** How many of a hundred requests are of this kind. */
  readonly share: number;
  /** @param turn counts up; chooses the row */
  send(turn: number): Promise<void>;
}

interface Prepared {
  readonly requests: Buffer[];
  readonly check: AnswerCheck;
}

const HEAD_END = Buffer.from("\r\n\r\n");

/** Encoded requests carry HTTP's head; node's own client makes that itself. */
const bodyOf = (request: Buffer) => request.subarray(request.indexOf(HEAD_END) + HEAD_END.length);

export class Kinds {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 256 });
  private session: ClientHttp2Session;

  constructor(private readonly ports: BoundPorts) {
    this.session = this.openSession();
  }

  /** All kinds of requests for a model; a big one's are rarer. */
  of(model: BenchModel, rows: readonly Row[], share: number): Kind[] {
    const prepare = (format: Format): Prepared => ({
      requests: encodeRequests(model, format, rows),
      check: new AnswerCheck(format, rows, true),
    });
    const path = `/v2/models/${model.name}/infer`;
    const [json, binary, grpc] = [prepare("json"), prepare("binary"), prepare("grpc")];
    const kind = (name: string, part: number, send: Kind["send"]): Kind => ({
      name: `${model.name} ${name}`,
      share: share * part,
      send,
    });
    return [
      kind("json", 0.3, (turn) => this.overHttp(path, json, turn)),
      kind("binary", 0.3, (turn) => this.overHttp(path, binary, turn)),
      kind("grpc", 0.2, (turn) => this.overGrpc(grpc, turn)),
      kind("left over HTTP", 0.05, (turn) => this.leaveHttp(json.requests[turn % rows.length]!)),
      kind("left over gRPC", 0.05, (turn) => this.leaveGrpc(grpc.requests[turn % rows.length]!)),
      kind("cut off", 0.05, (turn) => this.cutOff(json.requests[turn % rows.length]!)),
      kind("mistaken", 0.05, (turn) => this.mistake(path, bodyOf(json.requests[turn % rows.length]!))),
    ];
  }

  close(): void {
    this.agent.destroy();
    this.session.destroy();
  }

  private openSession(): ClientHttp2Session {
    const session = connectHttp2(`http://127.0.0.1:${this.ports.grpc}`);
    session.on("error", () => undefined);
    return session;
  }

  private async overHttp(path: string, { requests, check }: Prepared, turn: number): Promise<void> {
    const row = turn % requests.length;
    const request = requests[row]!;
    const length = new RegExp(`${JSON_LENGTH}: (\\d+)`).exec(request.toString("latin1", 0, 300))?.[1];
    const answer = await this.post(path, bodyOf(request), length);
    assert.equal(answer.status, 200, answer.body.toString());
    const before = check.wrong;
    check.check(row, answer.body, answer.jsonLength);
    assert.equal(check.wrong, before, `a wrong answer: ${check.firstWrong}`);
  }

  private post(path: string, body: Buffer, jsonLength?: string) {
    const headers = jsonLength === undefined ? {} : { [JSON_LENGTH]: jsonLength };
    return new Promise<{ status: number; body: Buffer; jsonLength?: number }>((resolve, reject) => {
      const options = { port: this.ports.http, host: "127.0.0.1", agent: this.agent };
      const call = httpRequest({ ...options, path, method: "POST", headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("error", reject);
        answer.on("end", () => {
          const length = answer.headers[JSON_LENGTH.toLowerCase()];
          resolve({
            status: answer.statusCode!,
            body: Buffer.concat(chunks),
            jsonLength: length === undefined ? undefined : Number(length),
          });
        });
      });
      call.on("error", reject);
      call.end(body);
    });
  }

  private stream() {
    if (this.session.destroyed || this.session.closed) this.session = this.openSession();
    return this.session.request({
      [constants.HTTP2_HEADER_METHOD]: "POST",
      [constants.HTTP2_HEADER_PATH]: "/inference.GRPCInferenceService/ModelInfer",
      [constants.HTTP2_HEADER_CONTENT_TYPE]: "application/grpc",
      te: "trailers",
    });
  }

  private overGrpc({ requests, check }: Prepared, turn: number): Promise<void> {
    const row = turn % requests.length;
    return new Promise((resolve, reject) => {
      const stream = this.stream();
      const chunks: Buffer[] = [];
      let status: unknown = "none";
      stream.on("response", (headers) => (status = headers["grpc-status"] ?? status));
      stream.on("trailers", (trailers) => (status = trailers["grpc-status"]));
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("error", reject);
      stream.on("close", () => {
        if (status !== "0") return reject(new Error(`gRPC status ${String(status)}`));
        const before = check.wrong;
        check.check(row, Buffer.concat(chunks));
        if (check.wrong > before) reject(new Error(`a wrong answer: ${check.firstWrong}`));
        else resolve();
      });
      stream.end(requests[row]!);
    });
  }

  /** A client that goes before its answer is there. */
  private leaveHttp(request: Buffer): Promise<void> {
    return new Promise((resolve) => {
      const socket = connect(this.ports.http, "127.0.0.1", () =>
        socket.write(request, () => socket.destroy()),
      );
      socket.on("error", () => undefined);
      socket.on("close", () => resolve());
    });
  }

  private leaveGrpc(request: Buffer): Promise<void> {
    return new Promise((resolve) => {
      const stream = this.stream();
      stream.on("error", () => undefined);
      stream.on("close", () => resolve());
      stream.end(request, () => stream.close(constants.NGHTTP2_CANCEL));
    });
  }

  /** A client that dies in the middle of its request. */
  private cutOff(request: Buffer): Promise<void> {
    const half = request.subarray(0, request.length >> 1);
    return this.leaveHttp(half);
  }

  private async mistake(path: string, body: Buffer): Promise<void> {
    const { status, body: answer } = await this.post(path, body.subarray(0, -2));
    assert.equal(status, 400, answer.toString());
  }
}
