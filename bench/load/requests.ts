/** The bytes of a model's requests, made once: while measuring, the load only sends. */
import type { BenchModel } from "../models";
import type { Row } from "../rows";
import { messages, type Format } from "./answers";

export const JSON_LENGTH = "Inference-Header-Content-Length";

const bytesOf = ({ input }: Row) => Buffer.from(input.buffer, input.byteOffset, input.byteLength);

/** JSON with the shortest decimals that give the same float back: what clients send that know what they send. */
function decimals(input: Float32Array): number[] {
  return Array.from(input, (value) => {
    for (let digits = 6; digits < 9; digits++) {
      const short = Number(value.toPrecision(digits));
      if (Math.fround(short) === value) return short;
    }
    return Number(value.toPrecision(9));
  });
}

function http(path: string, headers: string, body: Buffer): Buffer {
  const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n${headers}Content-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

/** A whole request per row: of HTTP/1.1, or the framed message of a gRPC call. */
export function encodeRequests(
  { name, rowShape }: BenchModel,
  format: Format,
  rows: readonly Row[],
): Buffer[] {
  const input = { name: "x", datatype: "FP32", shape: [1, ...rowShape] };
  const path = `/v2/models/${name}/infer`;
  if (format === "json") {
    return rows.map((row) => {
      const body = JSON.stringify({ inputs: [{ ...input, data: decimals(row.input) }] });
      return http(path, "Content-Type: application/json\r\n", Buffer.from(body));
    });
  }
  if (format === "binary") {
    return rows.map((row) => {
      const data = bytesOf(row);
      const parameters = { binary_data_size: data.length };
      const head = Buffer.from(
        JSON.stringify({ inputs: [{ ...input, parameters }], parameters: { binary_data_output: true } }),
      );
      const headers = `Content-Type: application/octet-stream\r\n${JSON_LENGTH}: ${head.length}\r\n`;
      return http(path, headers, Buffer.concat([head, data]));
    });
  }
  const type = messages().lookupType("inference.ModelInferRequest");
  return rows.map((row) => {
    const message = type
      .encode({ modelName: name, inputs: [input], rawInputContents: [bytesOf(row)] })
      .finish();
    const frame = Buffer.alloc(5);
    frame.writeUInt32BE(message.length, 1);
    return Buffer.concat([frame, message]);
  });
}
