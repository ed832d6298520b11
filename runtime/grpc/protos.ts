import { readFileSync } from "node:fs";
import { join } from "node:path";
import Long from "long";
import type protobuf from "protobufjs";

/** The files of the server's own services; each name is also what reflection calls the file. */
export const PROTO_FILES = [
  "model_config.proto",
  "inference.proto",
  "health.proto",
  "reflection.proto",
  "reflection_v1alpha.proto",
] as const;

/** Those, and what only the server itself reads. */
export type ProtoFile = (typeof PROTO_FILES)[number] | "descriptor.proto";

/** The library with its parser, loaded with the first call that needs it: an inference does not. */
export function protobufjs(): typeof protobuf {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- it costs 20 ms and 6 MiB that few servers need
  const library = require("protobufjs") as typeof protobuf;
  if (library.util.Long !== (Long as unknown)) {
    // 64-bit integers must keep all digits; protobufjs finds the library by itself only where it is not bundled.
    library.util.Long = Long as unknown as typeof library.util.Long;
    library.configure();
  }
  return library;
}

/** `proto/` lies beside this file in a checkout and beside the bundle in the image. */
export function protoText(file: ProtoFile): string {
  return readFileSync(join(__dirname, "proto", file), "utf8");
}

const roots = new Map<string, protobuf.Root>();

/** What the given files declare together. The wire's names are kept: they are the protocol's. */
export function protoRoot(...files: ProtoFile[]): protobuf.Root {
  const key = files.join();
  let root = roots.get(key);
  if (!root) {
    const { parse, Root } = protobufjs();
    root = new Root();
    for (const file of files) parse(protoText(file), root, { keepCase: true });
    root.resolveAll();
    roots.set(key, root);
  }
  return root;
}

/** A message of inference.proto by its name. */
export function inferenceType(name: string): protobuf.Type {
  return protoRoot("model_config.proto", "inference.proto").lookupType(`inference.${name}`);
}
