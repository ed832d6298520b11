import type { Gvk } from "../kinds";
import { apiVersionOf, gvkOf } from "../kinds";
import type { KubeObject } from "../object";
import { nameOf, namespaceOf } from "../object";
import { isObjectNotFound } from "./api-error";
import type { RequestOptions } from "./connection";
import { Connection } from "./connection";
import type { ApiResource } from "./discovery";
import { Discovery } from "./discovery";
import type { Target } from "./kubeconfig";

/** The API server does not serve a kind: most often its CRD is not there. */
export class UnknownKind extends Error {
  override readonly name = "UnknownKind";
  constructor(readonly gvk: Gvk) {
    super(
      `The cluster does not know the kind "${gvk.kind}" of "${apiVersionOf(gvk)}": is its CustomResourceDefinition installed?`,
    );
  }
}

export interface WriteOptions {
  readonly fieldManager: string;
  /** True: nothing is stored, but everything is checked. */
  readonly dryRun?: boolean;
  /** Takes fields over from other managers. */
  readonly force?: boolean;
  readonly signal?: AbortSignal;
  readonly onWarning?: (text: string) => void;
}

export interface ObjectRef {
  readonly gvk: Gvk;
  readonly name: string;
  readonly namespace?: string;
}

export function refOf(object: KubeObject): ObjectRef {
  const gvk = gvkOf(object.apiVersion ?? "", object.kind ?? "");
  return { gvk, name: nameOf(object), namespace: namespaceOf(object) };
}

/** The operations of one cluster in terms of objects. */
export class Cluster {
  readonly connection: Connection;
  readonly discovery: Discovery;

  constructor(
    readonly target: Target,
    /** Where namespaced objects go that name no namespace. @default "default" */
    readonly defaultNamespace: string = "default",
  ) {
    this.connection = new Connection(target);
    this.discovery = new Discovery(this.connection);
  }

  /** @throws UnknownKind */
  async resource(gvk: Gvk, signal?: AbortSignal): Promise<ApiResource> {
    const resource = await this.discovery.find(gvk, signal);
    if (!resource) throw new UnknownKind(gvk);
    return resource;
  }

  async path({ gvk, name, namespace }: ObjectRef, signal?: AbortSignal): Promise<string> {
    return `${this.collection(await this.resource(gvk, signal), namespace)}/${encodeURIComponent(name)}`;
  }

  private collection({ gvk, plural, namespaced }: ApiResource, namespace?: string): string {
    const base = gvk.group === "" ? `/api/${gvk.version}` : `/apis/${gvk.group}/${gvk.version}`;
    return namespaced
      ? `${base}/namespaces/${encodeURIComponent(namespace || this.defaultNamespace)}/${plural}`
      : `${base}/${plural}`;
  }

  async get(ref: ObjectRef, signal?: AbortSignal): Promise<KubeObject> {
    return (await this.connection.request("GET", await this.path(ref, signal), { signal })) as KubeObject;
  }

  /** `undefined` where there is no such object, or no such kind. */
  async find(ref: ObjectRef, signal?: AbortSignal): Promise<KubeObject | undefined> {
    try {
      return await this.get(ref, signal);
    } catch (error) {
      if (isObjectNotFound(error) || error instanceof UnknownKind) return undefined;
      throw error;
    }
  }

  async list(
    gvk: Gvk,
    namespace: string | undefined,
    query: { labelSelector?: string; fieldSelector?: string; limit?: string },
    signal?: AbortSignal,
  ): Promise<KubeObject[]> {
    const path = this.collection(await this.resource(gvk, signal), namespace);
    const { items = [] } = (await this.connection.request("GET", path, { query, signal })) as {
      items?: KubeObject[];
    };
    // Lists leave these out of their items.
    return items.map((item) => ({ apiVersion: apiVersionOf(gvk), kind: gvk.kind, ...item }));
  }

  private write(options: WriteOptions): RequestOptions & { query: { [key: string]: string | undefined } } {
    return {
      query: {
        fieldManager: options.fieldManager,
        // An unknown field is nearly always a typing error; the default would drop it with a warning.
        fieldValidation: "Strict",
        dryRun: options.dryRun ? "All" : undefined,
      },
      signal: options.signal,
      onWarning: options.onWarning,
    };
  }

  /** Server-side apply: creates the object, or merges the fields that this manager owns. */
  async apply(object: KubeObject, options: WriteOptions): Promise<KubeObject> {
    const write = this.write(options);
    const path = await this.path(refOf(object), options.signal);
    return (await this.connection.request("PATCH", path, {
      ...write,
      query: { ...write.query, force: options.force ? "true" : "false" },
      // JSON is YAML.
      contentType: "application/apply-patch+yaml",
      body: object,
    })) as KubeObject;
  }

  async create(object: KubeObject, options: WriteOptions): Promise<KubeObject> {
    const { gvk, namespace } = refOf(object);
    const path = this.collection(await this.resource(gvk, options.signal), namespace);
    return (await this.connection.request("POST", path, {
      ...this.write(options),
      body: object,
    })) as KubeObject;
  }

  async replace(object: KubeObject, options: WriteOptions): Promise<KubeObject> {
    const path = await this.path(refOf(object), options.signal);
    return (await this.connection.request("PUT", path, {
      ...this.write(options),
      body: object,
    })) as KubeObject;
  }

  async delete(ref: ObjectRef, propagationPolicy: string, signal?: AbortSignal): Promise<void> {
    const body = { kind: "DeleteOptions", apiVersion: "v1", propagationPolicy };
    await this.connection.request("DELETE", await this.path(ref, signal), { body, signal });
  }

  /** The last lines that a container wrote; empty where there are none. */
  async logs(
    pod: ObjectRef,
    container: string,
    options: { tailLines: number; previous: boolean },
    signal?: AbortSignal,
  ): Promise<string> {
    const query = {
      container,
      tailLines: String(options.tailLines),
      previous: options.previous ? "true" : undefined,
    };
    const path = `${await this.path(pod, signal)}/log`;
    const text = await this.connection.request("GET", path, { query, signal, timeoutMs: 5_000 });
    return typeof text === "string" ? text : JSON.stringify(text);
  }
}
