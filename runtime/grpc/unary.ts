import type { Scope } from "../auth/authenticator";
import { invalid } from "../errors";
import { inferenceType } from "./protos";
import type { Call, UnaryMethod } from "./transport/call";
import { Malformed } from "./wire/malformed";
import { PREFIX_BYTES } from "./wire/wire-writer";

/** A method whose messages are few or small enough for protobufjs to encode by reflection. */
export function unary<Request>(
  name: string,
  scope: Scope,
  answer: (request: Request, call: Call) => unknown,
): UnaryMethod {
  return {
    kind: "unary",
    scope,
    handle(call, bytes) {
      const request = decoded(name, bytes);
      const send = (response: unknown) => call.answer(encoded(`${name}Response`, response as object));
      const response = answer(request as Request, call);
      if (response instanceof Promise) response.then(send).catch((error: unknown) => call.refuse(error));
      else send(response);
    },
  };
}

/** A method whose messages are written out by hand. */
export function plainUnary(answer: (bytes: Buffer) => Buffer, scope?: Scope): UnaryMethod {
  return { kind: "unary", scope, handle: (call, bytes) => call.answer(readable(bytes, answer)) };
}

function readable(bytes: Buffer, answer: (bytes: Buffer) => Buffer): Buffer {
  try {
    return answer(bytes);
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    throw invalid(`The message is not valid: ${error.message}.`);
  }
}

function decoded(name: string, bytes: Buffer): object {
  const type = inferenceType(`${name}Request`);
  try {
    return type.decode(bytes);
  } catch {
    throw invalid(`The message is not a valid \`inference.${name}Request\`.`);
  }
}

function encoded(type: string, message: object): Buffer {
  const messages = inferenceType(type);
  return framed(messages.encode(messages.fromObject(message)).finish());
}

/** A message with its prefix. */
export function framed(message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(PREFIX_BYTES + message.length);
  frame[0] = 0;
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, PREFIX_BYTES);
  return frame;
}
