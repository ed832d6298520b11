import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { MethodDefinition, ServiceDefinition } from "@grpc/grpc-js";
import Long from "long";
import protobuf from "protobufjs";

// 64-bit integers must keep all digits; protobufjs finds the library by itself only where it is not bundled.
protobuf.util.Long = Long as unknown as typeof protobuf.util.Long;
protobuf.configure();

/** `proto/` lies beside this file in a checkout and beside the bundle in the image. */
function load(file: string): protobuf.Root {
  const text = readFileSync(join(__dirname, "proto", file), "utf8");
  // The wire's names are kept: they are the protocol's, and its documentation uses them.
  return protobuf.parse(text, { keepCase: true }).root.resolveAll() as protobuf.Root;
}

/**
 * The definition of a service as grpc-js takes it. Messages are decoded straight into protobufjs objects: there is no
 * conversion to plain ones in between, which would cost more than the decoding.
 */
export function loadService(file: string, name: string): ServiceDefinition {
  const root = load(file);
  const service = root.lookupService(name);
  const definition: Record<string, MethodDefinition<object, object>> = {};
  for (const method of service.methodsArray) {
    const request = root.lookupType(`${service.parent!.fullName}.${method.requestType}`);
    const response = root.lookupType(`${service.parent!.fullName}.${method.responseType}`);
    definition[method.name] = {
      path: `/${name}/${method.name}`,
      requestStream: method.requestStream ?? false,
      responseStream: method.responseStream ?? false,
      requestSerialize: (value) => request.encode(value).finish() as Buffer,
      requestDeserialize: (bytes) => request.decode(bytes),
      responseSerialize: (value) => response.encode(value).finish() as Buffer,
      responseDeserialize: (bytes) => response.decode(bytes),
    };
  }
  return definition;
}
