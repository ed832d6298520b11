import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { SlipwayError } from "../errors";
import type { Credential } from "./certificates";
import { API_PORT, FIELD_MANAGER, NODE_IP } from "./settings";

/** The longest that the API server may stay silent, in milliseconds. */
const REQUEST_TIMEOUT_MS = 30_000;

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

interface ApiResource {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** An answer of the API server other than success. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * The few calls that bringing up the cluster takes, on connections that are kept open. Loading a whole client library
 * costs most of a second, which every `up` on a running cluster would wait for, and such clients follow the proxy
 * variables of the environment, which must not lead to an address of this machine.
 */
export class KubernetesApi {
  private readonly agent: Agent;
  private readonly resources = new Map<string, Promise<readonly ApiResource[]>>();

  constructor(ca: Credential, client: Credential) {
    this.agent = new Agent({
      keepAlive: true,
      maxSockets: 8,
      ca: ca.cert,
      cert: client.cert,
      key: client.key,
    });
  }

  close(): void {
    this.agent.destroy();
  }

  /** Whether the API server says that it is ready. */
  async isReady(): Promise<boolean> {
    try {
      await this.call("GET", "/readyz", undefined, 2_000);
      return true;
    } catch {
      return false;
    }
  }

  /** Server-side apply, taking over fields that somebody else set. */
  async apply(object: KubernetesObject): Promise<void> {
    const path = `${await this.pathOf(object)}?fieldManager=${FIELD_MANAGER}&force=true`;
    try {
      await this.call("PATCH", path, { type: "application/apply-patch+yaml", text: JSON.stringify(object) });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      throw new SlipwayError(
        `${object.kind} ${object.metadata.name} was refused by the API server: ${error.message}`,
        1,
        {
          cause: error,
        },
      );
    }
  }

  /** The object at a path below the server's root, or undefined where there is none. */
  async get<T>(path: string): Promise<T | undefined> {
    try {
      return JSON.parse(await this.call("GET", path)) as T;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  async list<T>(path: string): Promise<readonly T[]> {
    return (await this.get<{ items: T[] }>(path))?.items ?? [];
  }

  /** Plain text, e.g. a log. */
  text(path: string): Promise<string> {
    return this.call("GET", path);
  }

  async delete(path: string): Promise<void> {
    try {
      await this.call("DELETE", path);
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) throw error;
    }
  }

  private async pathOf({ apiVersion, kind, metadata }: KubernetesObject): Promise<string> {
    const base = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    let known = this.resources.get(base);
    if (!known) {
      known = this.get<{ resources: ApiResource[] }>(base).then((found) => found?.resources ?? []);
      this.resources.set(base, known);
    }
    const resource = (await known).find(
      (candidate) => candidate.kind === kind && !candidate.name.includes("/"),
    );
    if (!resource) {
      this.resources.delete(base);
      throw new SlipwayError(
        `The API server does not know ${kind} of ${apiVersion}, which ${metadata.name} is.`,
      );
    }
    const namespace = resource.namespaced ? `/namespaces/${metadata.namespace ?? "default"}` : "";
    return `${base}${namespace}/${resource.name}/${encodeURIComponent(metadata.name)}`;
  }

  private call(
    method: string,
    path: string,
    body?: { type: string; text: string },
    timeout = REQUEST_TIMEOUT_MS,
  ): Promise<string> {
    const headers = {
      accept: "application/json",
      ...(body ? { "content-type": body.type, "content-length": String(Buffer.byteLength(body.text)) } : {}),
    };
    const options = { host: NODE_IP, port: API_PORT, path, method, headers, agent: this.agent, timeout };
    return new Promise((resolve, reject) => {
      const outgoing = request(options, (response) => readAnswer(response).then(resolve, reject));
      outgoing.on("timeout", () =>
        outgoing.destroy(new Error(`the API server was silent for ${timeout} ms`)),
      );
      outgoing.on("error", reject);
      outgoing.end(body?.text);
    });
  }
}

async function readAnswer(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return text;
  throw new ApiError(status, reasonIn(text) ?? `status ${status}`);
}

function reasonIn(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { message?: string }).message;
  } catch {
    return text.trim() || undefined;
  }
}
