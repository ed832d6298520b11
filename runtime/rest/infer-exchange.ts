import type { Tensor } from "../dataplane/tensor";
import { invalid } from "../errors";
import type { Servable } from "../models/servable";
import { JSON_TYPE } from "./exchange";
import type { BodyRequest } from "./infer-request";
import { encodeInferResponse } from "./infer-response";
import { ModelExchange } from "./model-exchange";
import { parseInferRequest } from "./parse-request";
import { rawRequest } from "./raw-request";

/** Of requests and answers: bytes of JSON before tensors as bytes. */
const JSON_LENGTH_HEADER = "inference-header-content-length";

const BINARY_TYPE = "application/octet-stream";

/** `POST …/infer`. */
export class InferExchange extends ModelExchange {
  protected parse(body: Buffer, model: Servable): BodyRequest {
    const header = this.request.headers[JSON_LENGTH_HEADER];
    if (header === undefined)
      return parseInferRequest({ bytes: body, jsonLength: body.length }, this.options, this.share);
    const jsonLength = jsonLengthOf(String(header), body.length);
    if (jsonLength === 0) return rawRequest(body, model, this.options);
    return parseInferRequest({ bytes: body, jsonLength }, this.options, this.share);
  }

  protected answer(model: Servable, request: BodyRequest, outputs: readonly Tensor[]): number {
    const { body, length, jsonLength } = encodeInferResponse(model, request, outputs);
    if (jsonLength === undefined) this.send(200, JSON_TYPE, body, length);
    else this.send(200, BINARY_TYPE, body, length, [JSON_LENGTH_HEADER, String(jsonLength)]);
    return length;
  }
}

function jsonLengthOf(header: string, bodyLength: number): number {
  const length = /^\d{1,15}$/.test(header) ? Number(header) : NaN;
  if (!(length <= bodyLength)) {
    throw invalid(
      `The header Inference-Header-Content-Length (${header.slice(0, 40)}) must be a whole number from 0 to the body's ${bodyLength} bytes.`,
    );
  }
  return length;
}
