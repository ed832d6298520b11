import type { InferenceAccounts } from "../dataplane/accounted";
import type { ByteShare } from "../dataplane/byte-budget";
import type { InferRequest } from "../dataplane/infer-request";
import type { Tensor, TensorLimits } from "../dataplane/tensor";
import { invalid, publicError } from "../errors";
import { hold, release } from "../models/registry-lease";
import type { Servable } from "../models/servable";
import { tooLarge } from "../rest/body";
import { inflate, requestEncoding } from "../rest/inflate";
import { encodeInferResponse } from "../rest/infer-response";
import { markedAsOutlier, type BodyRequest } from "../rest/infer-request";
import { parseInferRequest } from "../rest/parse-request";
import { rawRequest } from "../rest/raw-request";
import { HEADER, LONGEST_KEY } from "./headers";
import type { Delivery, Outgoing } from "./message-queue";

export interface MessageInferenceOptions extends TensorLimits {
  readonly maxBodyBytes: number;
  /** Model of messages that name none. */
  readonly defaultModel?: string;
}

/** Answers messages: what REST does with a body, with the message's headers in place of path and HTTP headers. */
export class MessageInference {
  constructor(
    private readonly accounts: InferenceAccounts,
    private readonly options: MessageInferenceOptions,
    /** Whether the answer is of no use any more: the consumer was cut off. */
    private readonly isCancelled: () => boolean,
  ) {}

  /** @throws ServerError for what is wrong with the message or keeps it from being answered now */
  async answer(delivery: Delivery): Promise<Outgoing> {
    const { metrics, budget, dataPlane } = this.accounts;
    const share = budget.open();
    let model: Servable | undefined;
    let started = performance.now();
    try {
      if (delivery.body.length > this.options.maxBodyBytes) throw tooLarge(this.options.maxBodyBytes);
      share.take(delivery.body.length);
      model = await this.held(delivery.headers);
      const encoding = requestEncoding(delivery.headers[HEADER.contentEncoding]);
      const body = encoding
        ? await inflate(delivery.body, encoding, this.options.maxBodyBytes, share)
        : delivery.body;
      started = performance.now();
      const request = this.parse(delivery, body, model, share);
      const key = resultKey(delivery, request.id);
      const traceparent = delivery.headers[HEADER.traceParent];
      const running = this.inferRequest(request, key, traceparent);
      const outputs = await dataPlane.infer(model, running);
      const computed = performance.now();
      const repeated = running.outlier ? markedAsOutlier(request) : request;
      const message = encoded(delivery, model, repeated, outputs, key);
      const answered = performance.now();
      model.metrics.serialised((answered - computed) / 1000);
      model.metrics.succeeded((answered - started) / 1000);
      return message;
    } catch (error) {
      const { code } = publicError(error);
      if (model) model.metrics.failed(code, (performance.now() - started) / 1000);
      else metrics.unresolved(code);
      throw error;
    } finally {
      share.release();
      if (model) release(model);
    }
  }

  private async held(headers: Delivery["headers"]): Promise<Servable> {
    const name = headers[HEADER.model] ?? this.options.defaultModel;
    if (!name) {
      throw invalid(
        `The message names no model: it needs the header \`${HEADER.model}\`, or the consumer a \`--default-model\`.`,
      );
    }
    const version = headers[HEADER.modelVersion] || undefined;
    const { dataPlane } = this.accounts;
    let model = dataPlane.resolve(name, version);
    if (model instanceof Promise) {
      await model;
      // Found anew: it may have been unloaded again by now.
      model = await dataPlane.resolve(name, version);
    }
    hold(model);
    return model;
  }

  private parse({ headers }: Delivery, body: Buffer, model: Servable, share: ByteShare): BodyRequest {
    const header = headers[HEADER.jsonLength];
    if (header === undefined)
      return parseInferRequest({ bytes: body, jsonLength: body.length }, this.options, share);
    const jsonLength = /^\d{1,15}$/.test(header) ? Number(header) : NaN;
    if (!(jsonLength <= body.length)) {
      throw invalid(
        `The header Inference-Header-Content-Length (${header.slice(0, 40)}) must be a whole number from 0 to the body's ${body.length} bytes.`,
      );
    }
    return jsonLength === 0
      ? rawRequest(body, model, this.options)
      : parseInferRequest({ bytes: body, jsonLength }, this.options, share);
  }

  private inferRequest(
    { inputs, outputs, parameters }: BodyRequest,
    requestId: string,
    traceparent: string | undefined,
  ): InferRequest {
    const { priority, deadline } = this.accounts.dataPlane.schedulingOf(parameters);
    const { isCancelled } = this;
    return {
      inputs,
      outputs,
      parameters,
      priority,
      deadline,
      requestId,
      traceparent,
      get cancelled() {
        return isCancelled();
      },
    };
  }
}

/**
 * What a result is called: the request's own id, else what its sender called the message, else what tells the message from
 * all others at every delivery.
 * @throws InvalidArgument for an id that is too long to be a key
 */
export function resultKey({ headers, messageId, identity }: Delivery, id: string | undefined): string {
  const key = id || headers[HEADER.id] || messageId || identity;
  const bytes = Buffer.byteLength(key);
  if (bytes > LONGEST_KEY) {
    throw invalid(`The request's id has ${bytes} bytes, but must have at most ${LONGEST_KEY}.`);
  }
  return key;
}

function encoded(
  { headers, origin }: Delivery,
  model: Servable,
  request: BodyRequest,
  outputs: readonly Tensor[],
  key: string,
): Outgoing {
  const { body, jsonLength } = encodeInferResponse(model, request, outputs);
  const traceParent = headers[HEADER.traceParent];
  return {
    key,
    headers: {
      [HEADER.key]: key,
      [HEADER.origin]: origin,
      [HEADER.model]: model.name,
      [HEADER.modelVersion]: model.version,
      [HEADER.contentType]: jsonLength === undefined ? "application/json" : "application/octet-stream",
      ...(jsonLength === undefined ? {} : { [HEADER.jsonLength]: String(jsonLength) }),
      ...(traceParent === undefined ? {} : { [HEADER.traceParent]: traceParent }),
    },
    body: typeof body === "string" ? Buffer.from(body, "latin1") : body,
  };
}
