import type { handleServerStreamingCall, handleUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import type { PluginAttach } from "@pulumi/pulumi/proto/plugin_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { EngineLog } from "./engine-log";
import { toWireError, unimplemented } from "./failure";
import type { Autonaming, CheckFailure, Provider, RequestContext } from "./provider";
import type { Properties } from "./values";
import { decodeProperties, encodeProperties } from "./wire";
import { checkResponse, diffResponse, wireFailures } from "./response";

interface ResourceMessage {
  getUrn(): string;
  getType(): string;
  getName(): string;
}

function about(request: ResourceMessage) {
  return { urn: request.getUrn(), type: request.getType(), name: request.getName() };
}

const AUTONAMING_MODES = ["propose", "enforce", "disable"] as const;

function autonaming(options: pb.CheckRequest.AutonamingOptions | undefined): Autonaming | undefined {
  if (options === undefined) return undefined;
  return { proposedName: options.getProposedName(), mode: AUTONAMING_MODES[options.getMode()] ?? "propose" };
}

function checkRequest(request: pb.CheckRequest, context: RequestContext) {
  return {
    ...context,
    ...about(request),
    oldInputs: decodeProperties(request.getOlds()),
    newInputs: decodeProperties(request.getNews()),
    randomSeed: request.getRandomseed_asU8(),
    autonaming: autonaming(request.getAutonaming()),
  };
}

function diffRequest(request: pb.DiffRequest, context: RequestContext) {
  return {
    ...context,
    ...about(request),
    id: request.getId(),
    oldInputs: decodeProperties(request.getOldInputs()),
    oldOutputs: decodeProperties(request.getOlds()),
    newInputs: decodeProperties(request.getNews()),
    ignoreChanges: request.getIgnorechangesList(),
  };
}

const refuseList: handleServerStreamingCall<pb.ListRequest, pb.ListResponse> = (call) => {
  call.emit("error", unimplemented("List"));
};

/** Everything that a provider's gRPC server answers, in terms of the decoded `Provider`. */
export class ProviderService {
  private readonly cancelled = new AbortController();

  constructor(
    private readonly provider: Provider,
    private readonly log: EngineLog,
  ) {}

  private unary<Request, Response>(
    work: (request: Request, context: RequestContext) => Promise<Response> | Response,
    urnOf: (request: Request) => string = () => "",
    inputsOf: (request: Request) => Properties = () => ({}),
  ): handleUnaryCall<Request, Response> {
    return (call, callback) => {
      const hangUp = new AbortController();
      call.on("cancelled", () => hangUp.abort(new Error("The engine hung up.")));
      const context: RequestContext = {
        signal: AbortSignal.any([this.cancelled.signal, hangUp.signal]),
        log: this.log.forResource(urnOf(call.request)),
      };
      const answer = async () => {
        try {
          const response = await work(call.request, context);
          await this.log.flush();
          callback(null, response);
        } catch (error) {
          await this.log.flush();
          callback(toWireError(error, inputsOf(call.request)));
        }
      };
      void answer();
    };
  }

  private resource<Request extends ResourceMessage, Response>(
    work: (request: Request, context: RequestContext) => Promise<Response>,
    inputsOf?: (request: Request) => Properties,
  ): handleUnaryCall<Request, Response> {
    return this.unary(work, (request) => request.getUrn(), inputsOf);
  }

  handlers(): UntypedServiceImplementation {
    return { ...this.pluginHandlers(), ...this.configurationHandlers(), ...this.resourceHandlers() };
  }

  private pluginHandlers(): UntypedServiceImplementation {
    const { provider } = this;
    const missing = (method: string): handleUnaryCall<unknown, unknown> => {
      return (_call, callback) => callback(unimplemented(method));
    };
    return {
      handshake: this.unary((request: pb.ProviderHandshakeRequest) => {
        this.log.attach(request.getEngineAddress());
        const response = new pb.ProviderHandshakeResponse();
        response.setAcceptSecrets(true);
        response.setSupportsAutonamingConfiguration(true);
        return response;
      }),
      attach: this.unary((request: PluginAttach) => {
        this.log.attach(request.getAddress());
        return new Empty();
      }),
      getPluginInfo: this.unary(() => new PluginInfo().setVersion(provider.version)),
      getSchema: this.unary(async () => {
        const empty = JSON.stringify({ name: provider.name, version: provider.version });
        return new pb.GetSchemaResponse().setSchema((await provider.schema?.()) ?? empty);
      }),
      cancel: this.unary(async () => {
        this.cancelled.abort(new Error("The operation was cancelled."));
        await provider.cancel?.();
        return new Empty();
      }),
      getMapping: this.unary(() => new pb.GetMappingResponse()),
      getMappings: this.unary(() => new pb.GetMappingsResponse()),
      parameterize: missing("Parameterize"),
      construct: missing("Construct"),
      call: missing("Call"),
      list: refuseList,
    };
  }

  private configurationHandlers(): UntypedServiceImplementation {
    const { provider } = this;
    return {
      checkConfig: this.resource(async (request: pb.CheckRequest, context) => {
        const decoded = checkRequest(request, context);
        return checkResponse((await provider.checkConfig?.(decoded)) ?? { inputs: decoded.newInputs });
      }),
      diffConfig: this.resource(async (request: pb.DiffRequest, context) => {
        return diffResponse(
          (await provider.diffConfig?.(diffRequest(request, context))) ?? { changes: false },
        );
      }),
      configure: this.unary(async (request: pb.ConfigureRequest, context) => {
        await provider.configure?.({ ...context, config: decodeProperties(request.getArgs()) });
        const response = new pb.ConfigureResponse();
        response.setAcceptsecrets(true);
        response.setSupportspreview(true);
        response.setSupportsAutonamingConfiguration(true);
        return response;
      }),
      invoke: this.unary(async (request: pb.InvokeRequest, context) => {
        const token = request.getTok();
        if (!provider.invoke) throw new Error(`${provider.name} has no function "${token}".`);
        const args = decodeProperties(request.getArgs());
        const answer = await provider.invoke({ ...context, token, args, preview: request.getPreview() });
        const failures: readonly CheckFailure[] = answer.failures ?? [];
        const response = new pb.InvokeResponse().setReturn(encodeProperties(answer.result));
        return response.setFailuresList(wireFailures(failures));
      }),
    };
  }

  private resourceHandlers(): UntypedServiceImplementation {
    const { provider } = this;
    return {
      check: this.resource(async (request: pb.CheckRequest, context) => {
        return checkResponse(await provider.check(checkRequest(request, context)));
      }),
      diff: this.resource(async (request: pb.DiffRequest, context) => {
        return diffResponse(await provider.diff(diffRequest(request, context)));
      }),
      create: this.resource(
        async (request: pb.CreateRequest, context) => {
          const { id, outputs } = await provider.create({
            ...context,
            ...about(request),
            inputs: decodeProperties(request.getProperties()),
            preview: request.getPreview(),
            timeoutSeconds: request.getTimeout(),
          });
          return new pb.CreateResponse().setId(id).setProperties(encodeProperties(outputs));
        },
        (request) => decodeProperties(request.getProperties()),
      ),
      read: this.resource(
        async (request: pb.ReadRequest, context) => {
          const result = await provider.read({
            ...context,
            ...about(request),
            id: request.getId(),
            inputs: decodeProperties(request.getInputs()),
            outputs: decodeProperties(request.getProperties()),
            timeoutSeconds: request.getTimeout(),
          });
          // An empty ID tells the engine that the resource is gone.
          if (result === undefined) return new pb.ReadResponse();
          const response = new pb.ReadResponse().setId(result.id);
          response.setProperties(encodeProperties(result.outputs));
          return response.setInputs(encodeProperties(result.inputs));
        },
        (request) => decodeProperties(request.getInputs()),
      ),
      update: this.resource(
        async (request: pb.UpdateRequest, context) => {
          const outputs = await provider.update({
            ...context,
            ...about(request),
            id: request.getId(),
            oldInputs: decodeProperties(request.getOldInputs()),
            oldOutputs: decodeProperties(request.getOlds()),
            newInputs: decodeProperties(request.getNews()),
            ignoreChanges: request.getIgnorechangesList(),
            preview: request.getPreview(),
            timeoutSeconds: request.getTimeout(),
          });
          return new pb.UpdateResponse().setProperties(encodeProperties(outputs));
        },
        (request) => decodeProperties(request.getNews()),
      ),
      delete: this.resource(async (request: pb.DeleteRequest, context) => {
        await provider.delete({
          ...context,
          ...about(request),
          id: request.getId(),
          oldInputs: decodeProperties(request.getOldInputs()),
          oldOutputs: decodeProperties(request.getProperties()),
          timeoutSeconds: request.getTimeout(),
        });
        return new Empty();
      }),
    };
  }
}
