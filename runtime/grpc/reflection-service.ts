import { ERRORS, invalid } from "../errors";
import { protoRoot } from "./protos";
import type { FileIndex } from "./reflection-files";
import type { Call, MessageSink, Method } from "./transport/call";
import { framed } from "./unary";

const FILE_OF = {
  "grpc.reflection.v1": "reflection.proto",
  "grpc.reflection.v1alpha": "reflection_v1alpha.proto",
} as const;

type Package = keyof typeof FILE_OF;

/** grpc.reflection.v1 and v1alpha: tools such as grpcurl learn from them what can be called. */
export function reflectionMethods(): [path: string, method: Method][] {
  return (Object.keys(FILE_OF) as Package[]).map((name) => [
    `/${name}.ServerReflection/ServerReflectionInfo`,
    { kind: "stream", scope: "infer", open: (call) => new Reflection(name, call) },
  ]);
}

interface ReflectionRequest {
  readonly host: string;
  readonly message_request?:
    | "file_by_filename"
    | "file_containing_symbol"
    | "file_containing_extension"
    | "all_extension_numbers_of_type"
    | "list_services";
  readonly file_by_filename?: string;
  readonly file_containing_symbol?: string;
  readonly file_containing_extension?: { readonly containing_type: string };
  readonly all_extension_numbers_of_type?: string;
}

class Reflection implements MessageSink {
  private readonly files: FileIndex;

  constructor(
    private readonly name: Package,
    private readonly call: Call,
  ) {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- descriptors are needed by tools only
    this.files = (require("./reflection-files") as typeof import("./reflection-files")).fileIndex();
  }

  message(bytes: Buffer): void {
    const root = protoRoot(FILE_OF[this.name]);
    let request: ReflectionRequest;
    try {
      const message = root.lookupType(`${this.name}.ServerReflectionRequest`).decode(bytes);
      request = message as unknown as ReflectionRequest;
    } catch {
      throw invalid(`The message is not a valid \`${this.name}.ServerReflectionRequest\`.`);
    }
    const response = { valid_host: request.host, original_request: request, ...this.answer(request) };
    const type = root.lookupType(`${this.name}.ServerReflectionResponse`);
    this.call.send(framed(type.encode(response).finish()));
  }

  end(): void {
    this.call.finishStream();
  }

  private answer(request: ReflectionRequest): object {
    switch (request.message_request) {
      case "file_by_filename":
        return described(this.files.byName(request.file_by_filename!), "file");
      case "file_containing_symbol":
        return described(this.files.bySymbol(request.file_containing_symbol!), "symbol");
      case "list_services":
        return { list_services_response: { service: this.files.services.map((name) => ({ name })) } };
      case "all_extension_numbers_of_type": {
        const base = request.all_extension_numbers_of_type!;
        if (!this.files.bySymbol(base)) return missing("symbol");
        return { all_extension_numbers_response: { base_type_name: base, extension_number: [] } };
      }
      case "file_containing_extension":
        return missing("extension");
      default:
        throw invalid("The message asks for nothing.");
    }
  }
}

function described(files: readonly Uint8Array[] | undefined, what: string): object {
  return files ? { file_descriptor_response: { file_descriptor_proto: files } } : missing(what);
}

function missing(what: string): object {
  return {
    error_response: { error_code: ERRORS.ModelNotFound.grpc, error_message: `There is no such ${what}.` },
  };
}
