import { isNotFound } from "../client/api-error";
import type { Connection } from "../client/connection";
import type { Gvk } from "../kinds";
import { listAt, textAt } from "../object";
import type { Resolve, Schema } from "./structural";

interface Document {
  readonly schemas: ReadonlyMap<string, Schema>;
  readonly byKind: ReadonlyMap<string, Schema>;
}

const PREFIX = "#/components/schemas/";

function readDocument(body: unknown): Document {
  const { components } = body as { components?: { schemas?: { [name: string]: Schema } } };
  const schemas = new Map(Object.entries(components?.schemas ?? {}));
  const byKind = new Map<string, Schema>();
  for (const schema of schemas.values()) {
    for (const gvk of listAt(schema, "x-kubernetes-group-version-kind")) {
      byKind.set(`${textAt(gvk, "group")}/${textAt(gvk, "version")}/${textAt(gvk, "kind")}`, schema);
    }
  }
  return { schemas, byKind };
}

/** The schemas that the API server publishes, fetched per group and version when first needed. */
export class OpenApi {
  private readonly documents = new Map<string, Promise<Document | undefined>>();

  constructor(private readonly connection: Connection) {}

  /** `undefined` where the server publishes none for the kind. */
  async schemaFor(gvk: Gvk, signal?: AbortSignal): Promise<{ schema: Schema; resolve: Resolve } | undefined> {
    const path = gvk.group === "" ? `api/${gvk.version}` : `apis/${gvk.group}/${gvk.version}`;
    let document = this.documents.get(path);
    if (!document) {
      document = this.fetch(path, signal);
      this.documents.set(path, document);
    }
    const loaded = await document;
    const schema = loaded?.byKind.get(`${gvk.group}/${gvk.version}/${gvk.kind}`);
    if (!loaded || !schema) return undefined;
    const resolve: Resolve = (ref) =>
      ref.startsWith(PREFIX) ? loaded.schemas.get(ref.slice(PREFIX.length)) : undefined;
    return { schema, resolve };
  }

  private async fetch(path: string, signal?: AbortSignal): Promise<Document | undefined> {
    try {
      return readDocument(await this.connection.request("GET", `/openapi/v3/${path}`, { signal }));
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }
}
