import type { ServiceError } from "@grpc/grpc-js";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import type { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Empty as EmptyMessage } from "google-protobuf/google/protobuf/empty_pb";
import type { Properties } from "../../../../../toolchain/plugins/shared/values";
import { decodeProperties, encodeProperties } from "../../../../../toolchain/plugins/shared/wire";
import { PluginProcess } from "./plugin-process";

/** The resource exists, but is not ready: what the wire carries about it. */
export class InitFailure extends Error {
  constructor(
    message: string,
    readonly id: string,
    readonly outputs: Properties,
    readonly reasons: readonly string[],
  ) {
    super(message);
  }
}

function fromWire(error: ServiceError): Error {
  const [details] = error.metadata?.get("grpc-status-details-bin") ?? [];
  if (details === undefined) return new Error(error.details);
  const status = Status.deserializeBinary(Uint8Array.from(details as Buffer));
  const [any] = status.getDetailsList();
  if (any?.getTypeName() !== "pulumirpc.ErrorResourceInitFailed") return new Error(error.details);
  const detail = pb.ErrorResourceInitFailed.deserializeBinary(any.getValue_asU8());
  const outputs = decodeProperties(detail.getProperties());
  return new InitFailure(error.details, detail.getId(), outputs, detail.getReasonsList());
}

type Call<Request, Response> = (
  request: Request,
  callback: (error: ServiceError | null, response: Response) => void,
) => unknown;

export interface Diff {
  readonly changes: boolean;
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
  /** Kinds by property path. */
  readonly detailed: { readonly [path: string]: pb.PropertyDiff.Kind };
}

export interface Resource {
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
}

/** A provider as the engine sees it, in decoded values. One instance serves one configured plugin process. */
export class WireProvider {
  private constructor(private readonly plugin: PluginProcess) {}

  static async start(config: { [key: string]: string }, env: NodeJS.ProcessEnv = {}): Promise<WireProvider> {
    const provider = new WireProvider(await PluginProcess.start(env));
    const request = new pb.ConfigureRequest();
    request.setAcceptsecrets(true);
    request.setAcceptresources(true);
    request.setSendsOldInputs(true);
    request.setSendsOldInputsToDelete(true);
    request.setArgs(encodeProperties(config));
    for (const [key, value] of Object.entries(config)) {
      request.getVariablesMap().set(`kubernetes:config:${key}`, value);
    }
    await provider.call(provider.plugin.client.configure, request);
    return provider;
  }

  get log() {
    return this.plugin.log;
  }

  stop(): Promise<void> {
    return this.plugin.stop();
  }

  /** The URN of a resource of this suite. */
  urn(type: string, name: string): string {
    return `urn:pulumi:conformance::conformance::${type}::${name}`;
  }

  async check(type: string, name: string, news: Properties, olds: Properties = {}) {
    const request = new pb.CheckRequest();
    request.setUrn(this.urn(type, name)).setType(type).setName(name);
    request.setNews(encodeProperties(news)).setOlds(encodeProperties(olds));
    request.setRandomseed(Buffer.from(`seed of ${name} and enough of it.`));
    const response = await this.call<pb.CheckRequest, pb.CheckResponse>(this.plugin.client.check, request);
    const failures = response
      .getFailuresList()
      .map((each) => ({ property: each.getProperty(), reason: each.getReason() }));
    return { inputs: decodeProperties(response.getInputs()), failures };
  }

  async diff(
    type: string,
    name: string,
    old: Resource,
    news: Properties,
    ignore: string[] = [],
  ): Promise<Diff> {
    const request = new pb.DiffRequest();
    request.setUrn(this.urn(type, name)).setType(type).setName(name).setId(old.id);
    request.setOlds(encodeProperties(old.outputs)).setOldInputs(encodeProperties(old.inputs));
    request.setNews(encodeProperties(news)).setIgnorechangesList(ignore);
    const response = await this.call<pb.DiffRequest, pb.DiffResponse>(this.plugin.client.diff, request);
    const detailed: { [path: string]: pb.PropertyDiff.Kind } = {};
    response.getDetaileddiffMap().forEach((value, key) => (detailed[key] = value.getKind()));
    return {
      changes: response.getChanges() === pb.DiffResponse.DiffChanges.DIFF_SOME,
      replaces: response.getReplacesList(),
      deleteBeforeReplace: response.getDeletebeforereplace(),
      detailed,
    };
  }

  /** @throws InitFailure where the object is there but not ready */
  async create(
    type: string,
    name: string,
    inputs: Properties,
    options: { preview?: boolean; timeoutSeconds?: number } = {},
  ): Promise<Resource> {
    const request = new pb.CreateRequest();
    request.setUrn(this.urn(type, name)).setType(type).setName(name);
    request.setProperties(encodeProperties(inputs));
    request.setPreview(options.preview ?? false).setTimeout(options.timeoutSeconds ?? 0);
    const response = await this.call<pb.CreateRequest, pb.CreateResponse>(this.plugin.client.create, request);
    return { id: response.getId(), inputs, outputs: decodeProperties(response.getProperties()) };
  }

  async update(
    type: string,
    name: string,
    old: Resource,
    inputs: Properties,
    options: { preview?: boolean; timeoutSeconds?: number; ignoreChanges?: string[] } = {},
  ): Promise<Resource> {
    const request = new pb.UpdateRequest();
    request.setUrn(this.urn(type, name)).setType(type).setName(name).setId(old.id);
    request.setOlds(encodeProperties(old.outputs)).setOldInputs(encodeProperties(old.inputs));
    request.setNews(encodeProperties(inputs)).setIgnorechangesList(options.ignoreChanges ?? []);
    request.setPreview(options.preview ?? false).setTimeout(options.timeoutSeconds ?? 0);
    const response = await this.call<pb.UpdateRequest, pb.UpdateResponse>(this.plugin.client.update, request);
    return { id: old.id, inputs, outputs: decodeProperties(response.getProperties()) };
  }

  /** `undefined` where the object is gone. Without old state it is an import. */
  async read(
    type: string,
    name: string,
    old: Partial<Resource> & { id: string },
  ): Promise<Resource | undefined> {
    const request = new pb.ReadRequest();
    request.setUrn(this.urn(type, name)).setType(type).setName(name).setId(old.id);
    if (old.outputs) request.setProperties(encodeProperties(old.outputs));
    if (old.inputs) request.setInputs(encodeProperties(old.inputs));
    const response = await this.call<pb.ReadRequest, pb.ReadResponse>(this.plugin.client.read, request);
    if (response.getId() === "") return undefined;
    return {
      id: response.getId(),
      inputs: decodeProperties(response.getInputs()),
      outputs: decodeProperties(response.getProperties()),
    };
  }

  async delete(type: string, name: string, old: Resource, timeoutSeconds = 0): Promise<void> {
    const request = new pb.DeleteRequest();
    request.setUrn(this.urn(type, name)).setType(type).setName(name).setId(old.id);
    request.setProperties(encodeProperties(old.outputs)).setOldInputs(encodeProperties(old.inputs));
    request.setTimeout(timeoutSeconds);
    await this.call<pb.DeleteRequest, Empty>(this.plugin.client.delete, request);
  }

  async invoke(token: string, args: Properties): Promise<Properties> {
    const request = new pb.InvokeRequest().setTok(token).setArgs(encodeProperties(args));
    const response = await this.call<pb.InvokeRequest, pb.InvokeResponse>(this.plugin.client.invoke, request);
    return decodeProperties(response.getReturn());
  }

  async cancel(): Promise<void> {
    await this.call<Empty, Empty>(this.plugin.client.cancel, new EmptyMessage());
  }

  private call<Request, Response>(method: Call<Request, Response>, request: Request): Promise<Response> {
    return new Promise((resolve, reject) => {
      method.call(this.plugin.client, request, (error, response) =>
        error ? reject(fromWire(error)) : resolve(response),
      );
    });
  }
}
