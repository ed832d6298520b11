/** Headers of messages, of requests as well as of what is published. Lower case, as in HTTP/2. */
export const HEADER = {
  /** Name of the model that a request is for. */
  model: "slipway-model",
  /** Its version; left out, the one that the server would choose. */
  modelVersion: "slipway-model-version",
  /** What the request is called, where its body has no `id`. */
  id: "slipway-id",
  /** Of results and dead letters: the key, which is the same however often a message is handled. */
  key: "slipway-key",
  /** Where the request lay. */
  origin: "slipway-origin",
  /** Of dead letters. */
  errorCode: "slipway-error-code",
  error: "slipway-error",
  attempts: "slipway-attempts",
  failedAt: "slipway-failed-at",
  bodyOmitted: "slipway-body-omitted",
  /** Bytes of JSON before tensors as bytes. */
  jsonLength: "inference-header-content-length",
  contentType: "content-type",
  contentEncoding: "content-encoding",
  /** W3C trace context, which results repeat. */
  traceParent: "traceparent",
} as const;

/** Longest key of a result: AMQP's `message-id` holds 255 bytes. */
export const LONGEST_KEY = 255;
