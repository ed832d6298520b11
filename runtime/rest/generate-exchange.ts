import { isUtf8 } from "node:buffer";
import type { Tensor } from "../dataplane/tensor";
import { invalid } from "../errors";
import type { Servable } from "../models/servable";
import { JSON_TYPE } from "./exchange";
import { encodeGenerateResponse, generateRequest, type GenerateRequest } from "./generate-codec";
import { parseJson } from "./json-body";
import { ModelExchange } from "./model-exchange";
import type { Match } from "./routes";

const EVENT_TYPE = "text/event-stream; charset=utf-8";

/** `POST …/generate` and `POST …/generate_stream`. Models here give one answer, which is then the only event. */
export class GenerateExchange extends ModelExchange<GenerateRequest> {
  private streams = false;

  override start(match: Match): void {
    this.streams = match.operation === "generateStream";
    super.start(match);
  }

  protected parse(body: Buffer, model: Servable): GenerateRequest {
    if (!isUtf8(body)) throw invalid("The request body must be UTF-8.");
    const value = parseJson(body, this.options.maxJsonDepth, this.share);
    return generateRequest(value, body, model, this.options, this.share);
  }

  protected answer(model: Servable, request: GenerateRequest, outputs: readonly Tensor[]): number {
    const json = encodeGenerateResponse(model, request, outputs);
    const body = this.streams ? Buffer.concat([EVENT_START, json, EVENT_END]) : json;
    this.send(200, this.streams ? EVENT_TYPE : JSON_TYPE, body, body.length);
    return body.length;
  }
}

const EVENT_START = Buffer.from("data: ");
const EVENT_END = Buffer.from("\n\n");
