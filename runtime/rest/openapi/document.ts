import { VERSION } from "../../version";
import { OPERATIONS, ROUTES, type Operation } from "../routes";
import { ref, SCHEMAS, type Schema } from "./schemas";

/** What an operation takes and gives: names of schemas. */
interface Bodies {
  readonly request?: string;
  readonly response: string;
  /** Tensors may travel as bytes after the JSON. */
  readonly binary?: true;
  /** The answer is a stream of events instead of JSON. */
  readonly events?: true;
  /** 503 has the same body as 200. */
  readonly sameWhenUnavailable?: true;
}

const BODIES: Record<Operation, Bodies> = {
  serverMetadata: { response: "ServerMetadata" },
  openApi: { response: "OpenApi" },
  live: { response: "Live", sameWhenUnavailable: true },
  ready: { response: "Ready", sameWhenUnavailable: true },
  modelMetadata: { response: "ModelMetadata" },
  modelReady: { response: "ModelReady", sameWhenUnavailable: true },
  modelConfig: { response: "ModelConfig" },
  infer: { request: "InferRequest", response: "InferResponse", binary: true },
  generate: { request: "GenerateRequest", response: "GenerateResponse" },
  generateStream: { request: "GenerateRequest", response: "GenerateResponse", events: true },
  feedback: { request: "FeedbackRequest", response: "FeedbackReceipt" },
  drift: { response: "Drift" },
  statistics: { response: "Statistics" },
  modelStatistics: { response: "Statistics" },
  repositoryIndex: { request: "RepositoryIndexRequest", response: "RepositoryIndex" },
  repositoryLoad: { request: "RepositoryLoadRequest", response: "Empty" },
  repositoryUnload: { request: "RepositoryUnloadRequest", response: "Empty" },
};

/** Bodies that cannot be left out. */
const NEEDED: ReadonlySet<string> = new Set(["InferRequest", "GenerateRequest", "FeedbackRequest"]);

const JSON_LENGTH = "Inference-Header-Content-Length";

const jsonOf = (schema: string) => ({ "application/json": { schema: ref(schema) } });
const bytes = { "application/octet-stream": { schema: { type: "string", format: "binary" } } };

let document: Schema | undefined;

/** The endpoints as an OpenAPI 3.1 document; made when it is first asked for. */
export function openApiDocument(): Schema {
  return (document ??= {
    openapi: "3.1.0",
    info: {
      title: "Slipway inference server",
      version: VERSION,
      description: "The Open Inference Protocol (V2) over REST, with Triton's extensions.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    paths: paths(),
    components: {
      schemas: SCHEMAS,
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer" },
        apiKey: { type: "apiKey", in: "header", name: "X-API-Key" },
      },
    },
  });
}

/** Each form of a route's path: with and without what may be left out. */
export function documentedPaths(path: string): string[] {
  const optional = /\[(.*)\]/.exec(path);
  if (!optional) return [path];
  return [path.replace(optional[0], ""), path.replace(optional[0], optional[1]!)];
}

function paths(): Schema {
  const all: Record<string, Record<string, unknown>> = {};
  for (const operation of OPERATIONS) {
    const route = ROUTES[operation];
    for (const [i, path] of documentedPaths(route.path).entries()) {
      const id = i === 0 ? operation : `${operation}OfVersion`;
      (all[path] ??= {})[route.method.toLowerCase()] = describe(operation, id, path);
    }
  }
  return all;
}

function describe(operation: Operation, operationId: string, path: string): Schema {
  const { doc, scope } = ROUTES[operation];
  const { request, binary } = BODIES[operation];
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    schema: { type: "string" },
    ...(name === "version" ? { description: "The number of a version, or one of its labels." } : {}),
  }));
  const jsonLength = {
    name: JSON_LENGTH,
    in: "header",
    schema: { type: "integer", minimum: 0 },
    description:
      "Bytes of JSON before tensors as bytes; 0 where the body is the one tensor that the model takes.",
  };
  return {
    operationId,
    summary: doc,
    parameters: binary ? [...parameters, jsonLength] : parameters,
    ...(request && {
      requestBody: {
        required: NEEDED.has(request),
        content: { ...jsonOf(request), ...(binary ? bytes : {}) },
      },
    }),
    responses: responses(operation),
    // Where the server asks who calls, either will do; it may as well ask nobody.
    security: scope === undefined ? [] : [{}, { bearer: [] }, { apiKey: [] }],
  };
}

function responses(operation: Operation): Schema {
  const { response, binary, events, sameWhenUnavailable } = BODIES[operation];
  const content = events
    ? { "text/event-stream": { schema: { type: "string" } } }
    : { ...jsonOf(response), ...(binary ? bytes : {}) };
  return {
    "200": { description: "The answer.", content },
    ...(sameWhenUnavailable && { "503": { description: "Not now.", content } }),
    default: { description: "What is wrong.", content: jsonOf("Error") },
  };
}
