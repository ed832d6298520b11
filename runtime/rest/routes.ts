import { invalid, ServerError } from "../errors";

/** The operations of the REST transport. Handlers and reference follow from this list. */
export const ROUTES = {
  serverMetadata: { method: "GET", path: "/v2", doc: "name and version of the server" },
  live: { method: "GET", path: "/v2/health/live", doc: '`{"live":true}` while the process works' },
  ready: {
    method: "GET",
    path: "/v2/health/ready",
    doc: '`{"ready":true}`, or 503 and `{"ready":false}` while loading, draining, or a model is missing',
  },
  modelMetadata: {
    method: "GET",
    path: "/v2/models/{model}[/versions/{version}]",
    doc: "versions, inputs and outputs of a model",
  },
  modelReady: {
    method: "GET",
    path: "/v2/models/{model}[/versions/{version}]/ready",
    doc: "200 while the model can serve, else 503",
  },
  infer: {
    method: "POST",
    path: "/v2/models/{model}[/versions/{version}]/infer",
    doc: "runs the model; without a version the highest that is ready",
  },
  repositoryIndex: {
    method: "POST",
    path: "/v2/repository/index",
    doc: 'state of every model version, with the reason where it is unavailable; body `{"ready":true}` lists ready ones only',
  },
} as const;

export type Operation = keyof typeof ROUTES;

/** What a request line asks for. */
export interface Match {
  readonly operation: Operation;
  readonly model: string;
  readonly version: string | undefined;
}

const FIXED = new Map<string, Operation>([
  ["/v2", "serverMetadata"],
  ["/v2/", "serverMetadata"],
  ["/v2/health/live", "live"],
  ["/v2/health/ready", "ready"],
  ["/v2/repository/index", "repositoryIndex"],
]);

const MODELS = "/v2/models/";

/** Finds the operation of a request. @throws RouteNotFound, MethodNotAllowed, or 400 for a malformed escape */
export function matchRoute(method: string, url: string): Match {
  const question = url.indexOf("?");
  const path = question < 0 ? url : url.slice(0, question);
  const match = path.startsWith(MODELS) ? matchModel(path) : matchFixed(path);
  if (!match) throw new ServerError("RouteNotFound", `There is nothing at ${shown(path)}.`);
  const allowed = ROUTES[match.operation].method;
  if (method !== allowed && !(method === "HEAD" && allowed === "GET")) {
    throw new MethodNotAllowed(method, shown(path), allowed);
  }
  return match;
}

export class MethodNotAllowed extends ServerError {
  constructor(
    method: string,
    path: string,
    readonly allowed: string,
  ) {
    super("MethodNotAllowed", `${path} takes ${allowed}, not ${method}.`);
  }
}

function matchFixed(path: string): Match | undefined {
  const operation = FIXED.get(path);
  return operation && { operation, model: "", version: undefined };
}

function matchModel(path: string): Match | undefined {
  const [model, ...rest] = path.slice(MODELS.length).split("/");
  if (!model) return undefined;
  let version: string | undefined;
  if (rest[0] === "versions") {
    version = rest[1];
    if (!version) return undefined;
    rest.splice(0, 2);
  }
  if (rest.length > 1) return undefined;
  const operation = modelOperation(rest[0]);
  return (
    operation && {
      operation,
      model: decode(model),
      version: version === undefined ? undefined : decode(version),
    }
  );
}

function modelOperation(last: string | undefined): Operation | undefined {
  if (last === "infer") return "infer";
  if (last === "ready") return "modelReady";
  return last === undefined || last === "" ? "modelMetadata" : undefined;
}

function decode(segment: string): string {
  if (!segment.includes("%")) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    throw invalid(`${shown(segment)} in the path is not a valid URL escape.`);
  }
}

function shown(path: string): string {
  return path.length > 100 ? `${path.slice(0, 100)}…` : path;
}
