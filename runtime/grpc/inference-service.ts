import { GRPC_INFERENCE_SERVICE } from "../contract";
import type { DataPlane } from "../dataplane/dataplane";
import type { GrpcOptions } from "./grpc-options";
import { InferStream } from "./infer-stream";
import { inferUnary } from "./infer-unary";
import { readTexts } from "./name-and-version";
import { plainParameters, type RepositoryParameters } from "./repository-parameters";
import type { Method } from "./transport/call";
import { plainUnary, unary } from "./unary";
import { writer } from "./wire/wire-writer";

interface NameAndVersion {
  readonly name: string;
  readonly version: string;
}

interface RepositoryRequest {
  readonly model_name: string;
  readonly parameters: RepositoryParameters;
}

/** As on the REST endpoint, they are not there where the server has a port for them alone. */
const ADMIN_METHODS = ["RepositoryIndex", "RepositoryModelLoad", "RepositoryModelUnload"];

/** The methods of inference.GRPCInferenceService, Triton's extensions among them. */
export function inferenceMethods(options: GrpcOptions): [path: string, method: Method][] {
  const { dataPlane } = options;
  const methods: Record<string, Method> = {
    ServerLive: plainUnary(() => flag(dataPlane.live())),
    ServerReady: plainUnary(() => flag(dataPlane.ready())),
    ModelReady: plainUnary((bytes) => flag(modelReady(dataPlane, ...readTexts(bytes))), "infer"),
    ModelInfer: { kind: "unary", scope: "infer", handle: (call, bytes) => inferUnary(options, call, bytes) },
    ModelStreamInfer: { kind: "stream", scope: "infer", open: (call) => new InferStream(options, call) },
    ServerMetadata: unary("ServerMetadata", "infer", () => dataPlane.serverMetadata()),
    ModelMetadata: unary<NameAndVersion>("ModelMetadata", "infer", ({ name, version }) =>
      dataPlane.modelMetadata(name, version || undefined),
    ),
    ModelConfig: unary<NameAndVersion>("ModelConfig", "infer", async ({ name, version }) => ({
      config: await dataPlane.modelConfig(name, version || undefined),
    })),
    ModelStatistics: unary<NameAndVersion>("ModelStatistics", "infer", ({ name, version }) => ({
      model_stats: dataPlane.statistics(name || undefined, version || undefined),
    })),
    RepositoryIndex: unary<{ readonly ready: boolean }>("RepositoryIndex", "infer", ({ ready }) => ({
      models: dataPlane.repositoryIndex(ready),
    })),
    RepositoryModelLoad: unary<RepositoryRequest>(
      "RepositoryModelLoad",
      "admin",
      async ({ model_name: name, parameters }) => {
        await dataPlane.loadModel(name, plainParameters(parameters));
        return {};
      },
    ),
    RepositoryModelUnload: unary<RepositoryRequest>(
      "RepositoryModelUnload",
      "admin",
      async ({ model_name: name, parameters }) => {
        await dataPlane.unloadModel(name, plainParameters(parameters));
        return {};
      },
    ),
  };
  if (options.adminPort) for (const name of ADMIN_METHODS) delete methods[name];
  return Object.entries(methods).map(([name, method]) => [`/${GRPC_INFERENCE_SERVICE}/${name}`, method]);
}

function modelReady(dataPlane: DataPlane, name: string, version: string): boolean {
  return dataPlane.modelReady(name, version || undefined);
}

/** A message whose first field is a boolean. */
function flag(value: boolean): Buffer {
  writer.begin().bool(1, value);
  return writer.finish();
}
