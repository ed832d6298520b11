import type { Namespace, ReflectionObject, Root } from "protobufjs";
import { fileDescriptor, membersOf } from "./descriptor";
import { PROTO_FILES, protobufjs, protoRoot, protoText, type ProtoFile } from "./protos";

/** The server's files as reflection gives them out: serialised FileDescriptorProtos. */
export interface FileIndex {
  readonly services: readonly string[];
  /** A file and those that it imports; undefined for one that is not there. */
  byName(file: string): readonly Uint8Array[] | undefined;
  /** The file that declares a service, method, message, field or enum, with those that it imports. */
  bySymbol(symbol: string): readonly Uint8Array[] | undefined;
}

interface DeclaredFile {
  readonly bytes: Uint8Array;
  readonly imports: readonly string[];
  /** Full names of everything that the file declares. */
  readonly symbols: ReadonlySet<string>;
  readonly services: readonly string[];
}

let index: FileIndex | undefined;

export function fileIndex(): FileIndex {
  return (index ??= buildIndex());
}

function buildIndex(): FileIndex {
  const files = new Map<string, DeclaredFile>(PROTO_FILES.map((file) => [file, declared(file)]));
  const withImports = (file: string): Uint8Array[] | undefined => {
    const found = files.get(file);
    return found && [found.bytes, ...found.imports.flatMap((name) => withImports(name) ?? [])];
  };
  return {
    services: [...files.values()].flatMap(({ services }) => services).sort(),
    byName: withImports,
    bySymbol(symbol) {
      for (const [file, { symbols }] of files) if (symbols.has(symbol)) return withImports(file);
      return undefined;
    },
  };
}

function declared(file: ProtoFile): DeclaredFile {
  const { parse, Root } = protobufjs();
  const own = new Root();
  const { imports = [], package: packageName = "" } = parse(protoText(file), own, { keepCase: true });
  const names = new Set(namespaceOf(own, packageName).nestedArray.map(({ name }) => name));
  // Types are looked up among the imported ones too, which may be of the same package.
  const all = protoRoot(...(imports as ProtoFile[]), file);
  const members = membersOf(namespaceOf(all, packageName), names);
  const type = protoRoot("descriptor.proto").lookupType("google.protobuf.FileDescriptorProto");
  const descriptor = type.fromObject(fileDescriptor(file, packageName, imports, members));
  const symbols = new Set<string>();
  for (const member of members) collect(member, symbols);
  const services = members.filter((member) => "methods" in member).map(nameOf);
  return { bytes: type.encode(descriptor).finish(), imports, symbols, services };
}

function namespaceOf(root: Root, packageName: string): Namespace {
  return root.lookup(packageName.split(".")) as Namespace;
}

function collect(object: ReflectionObject, into: Set<string>): void {
  into.add(nameOf(object));
  const { fieldsArray, methodsArray, nestedArray } = object as Partial<
    Record<"fieldsArray" | "methodsArray" | "nestedArray", ReflectionObject[]>
  >;
  for (const member of [...(fieldsArray ?? []), ...(methodsArray ?? []), ...(nestedArray ?? [])]) {
    collect(member, into);
  }
}

function nameOf({ fullName }: ReflectionObject): string {
  return fullName.slice(1);
}
