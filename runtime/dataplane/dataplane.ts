import { ServerError } from "../errors";
import type { IndexEntry, ModelRegistry } from "../models/registry";
import type { InferRequest, ServedModel } from "../models/served-model";
import type { ModelSpec } from "./model-spec";
import type { Tensor } from "./tensor";

export interface ServerMetadata {
  readonly name: string;
  readonly version: string;
  /** Triton's names of the protocol extensions that are served in full. */
  readonly extensions: readonly string[];
}

export interface ModelMetadata extends ModelSpec {
  readonly name: string;
  /** Versions that can serve, ascending. */
  readonly versions: readonly string[];
  readonly platform: string;
}

/** Triton's name of the platform; clients and dashboards know it. */
const PLATFORM = "onnxruntime_onnx";

/** What the server can do, whatever the transport. Throws ServerError and nothing else for what clients do wrong. */
export class DataPlane {
  private draining = false;

  constructor(
    private readonly registry: ModelRegistry,
    private readonly options: { readonly strictReadiness: boolean; readonly serverVersion: string },
  ) {}

  live(): boolean {
    return true;
  }

  ready(): boolean {
    return !this.draining && this.registry.ready(this.options.strictReadiness);
  }

  /** From now on readiness says no and responses end their connections; requests are still served. */
  startDraining(): void {
    this.draining = true;
  }

  get isDraining(): boolean {
    return this.draining;
  }

  serverMetadata(): ServerMetadata {
    return { name: "slipway", version: this.options.serverVersion, extensions: [] };
  }

  modelReady(name: string, version?: string): boolean {
    return this.registry.modelReady(name, version);
  }

  modelMetadata(name: string, version?: string): ModelMetadata {
    const model = this.registry.resolve(name, version);
    return { name, versions: this.registry.readyVersions(name), platform: PLATFORM, ...model.spec };
  }

  repositoryIndex(readyOnly: boolean): IndexEntry[] {
    const entries = this.registry.index();
    return readyOnly ? entries.filter((entry) => entry.state === "READY") : entries;
  }

  /** The model version that a request addresses. @throws ModelNotFound or ModelNotReady */
  resolve(name: string, version?: string): ServedModel {
    return this.registry.resolve(name, version);
  }

  /** Runs a request on a resolved model. */
  infer(model: ServedModel, request: InferRequest): Promise<Tensor[]> {
    if (request.inputs.length === 0 && model.spec.inputs.length > 0) {
      throw new ServerError("InvalidArgument", "`inputs` must hold at least one tensor.");
    }
    return model.infer(request);
  }
}
