import type { Scope } from "../auth/authenticator";
import { invalid, ServerError } from "../errors";

export interface Route {
  readonly method: "GET" | "POST";
  /** `{model}` and `{version}` stand for a segment; what is in brackets may be left out. */
  readonly path: string;
  readonly doc: string;
  /** What a caller must be allowed to do, where the server asks who calls; undefined for probes. */
  readonly scope: Scope | undefined;
  /** Served on the admin port alone, where there is one. */
  readonly admin: boolean;
}

const get = (path: string, doc: string): Route => ({
  method: "GET",
  path,
  doc,
  scope: "infer",
  admin: false,
});
/** Kubernetes' probes bring no credentials. */
const probe = (path: string, doc: string): Route => ({ ...get(path, doc), scope: undefined });
const post = (path: string, doc: string): Route => ({
  method: "POST",
  path,
  doc,
  scope: "infer",
  admin: false,
});

const MODEL = "/v2/models/{model}[/versions/{version}]";

/** The operations of the REST transport, once. Router, handlers, OpenAPI document and reference follow from this list. */
export const ROUTES = {
  serverMetadata: get("/v2", "name and version of the server, and the extensions that it serves"),
  openApi: get("/v2/openapi.json", "these endpoints as an OpenAPI 3.1 document"),
  live: probe("/v2/health/live", '`{"live":true}` while the process works'),
  ready: probe(
    "/v2/health/ready",
    '`{"ready":true}`, or 503 and `{"ready":false}` while loading, draining, or a model is missing',
  ),
  modelMetadata: get(MODEL, "versions, inputs and outputs of a model"),
  modelReady: get(`${MODEL}/ready`, "200 while the model can serve, else 503"),
  modelConfig: get(`${MODEL}/config`, "the model's configuration in Triton's form"),
  infer: post(`${MODEL}/infer`, "runs the model; without a version the highest that is ready"),
  generate: post(
    `${MODEL}/generate`,
    "runs the model on the body's fields as inputs, by name; the answer has the outputs as fields",
  ),
  generateStream: post(`${MODEL}/generate_stream`, "the same, answered as server-sent event"),
  feedback: post(
    `${MODEL}/feedback`,
    "takes what was right for answers, by their request ids; needs `feedback` in `model.json`",
  ),
  drift: {
    ...get(
      `${MODEL}/drift`,
      "how far inputs and outputs of the last window are from `baseline.json`, with summaries that can be merged, see [drift](../drift.md)",
    ),
    scope: "metrics",
  },
  statistics: get("/v2/models/stats", "counts and durations of every model version, in Triton's form"),
  modelStatistics: get(`${MODEL}/stats`, "counts and durations of a model's versions, in Triton's form"),
  repositoryIndex: {
    ...post(
      "/v2/repository/index",
      'state of every model version, with the reason where it is unavailable; body `{"ready":true}` lists ready ones only',
    ),
    admin: true,
  },
  repositoryLoad: {
    ...post(
      "/v2/repository/models/{model}/load",
      "loads a model or loads it again; parameter `config` stands in for `model.json`",
    ),
    scope: "admin",
    admin: true,
  },
  repositoryUnload: {
    ...post(
      "/v2/repository/models/{model}/unload",
      "unloads a model after its last request; parameter `unload_dependents`: also what was loaded with it",
    ),
    scope: "admin",
    admin: true,
  },
} as const satisfies Record<string, Route>;

export type Operation = keyof typeof ROUTES;

export const OPERATIONS = Object.keys(ROUTES) as readonly Operation[];

/** Which operations a listener serves. */
export type Surface = "all" | "public" | "admin";

function serves(surface: Surface, operation: Operation): boolean {
  return surface === "all" || ROUTES[operation].admin === (surface === "admin");
}

/** What a request line asks for. */
export interface Match {
  readonly operation: Operation;
  readonly route: Route;
  readonly model: string;
  readonly version: string | undefined;
}

/** Operations by their whole path. */
const FIXED = new Map<string, Operation>([["/v2/", "serverMetadata"]]);
/** Operations on a model by what follows its name or version. */
const OF_MODEL = new Map<string, Operation>([["/", "modelMetadata"]]);
/** Operations on the repository by what follows the model's name. */
const OF_REPOSITORY = new Map<string, Operation>();

const MODELS = "/v2/models/";
const REPOSITORY = "/v2/repository/models/";
const REPOSITORY_MODEL = `${REPOSITORY}{model}`;

for (const operation of OPERATIONS) {
  const { path } = ROUTES[operation];
  if (path.startsWith(MODEL)) OF_MODEL.set(path.slice(MODEL.length), operation);
  else if (path.startsWith(REPOSITORY_MODEL))
    OF_REPOSITORY.set(path.slice(REPOSITORY_MODEL.length), operation);
  else FIXED.set(path, operation);
}

/** Request lines whose match is remembered, and characters of the longest of them. */
const MOST_KNOWN = 1024;
const LONGEST_KNOWN = 200;

/** Finds the operation of a request. */
export class Router {
  /** Clients ask for few different things again and again. */
  private readonly known = new Map<string, Match>();

  constructor(private readonly surface: Surface) {}

  /** @throws RouteNotFound, MethodNotAllowed, or 400 for a malformed escape */
  match(method: string, url: string): Match {
    let match = this.known.get(url);
    if (match === undefined) {
      match = this.find(url);
      if (this.known.size >= MOST_KNOWN) this.known.clear();
      if (url.length <= LONGEST_KNOWN) this.known.set(url, match);
    }
    const allowed = match.route.method;
    if (method !== allowed && !(method === "HEAD" && allowed === "GET")) {
      throw new MethodNotAllowed(method, shown(pathOf(url)), allowed);
    }
    return match;
  }

  private find(url: string): Match {
    const path = pathOf(url);
    const match = matchFixed(path) ?? matchModel(path) ?? matchRepository(path);
    if (!match || !serves(this.surface, match.operation)) {
      throw new ServerError("RouteNotFound", `There is nothing at ${shown(path)}.`);
    }
    return match;
  }
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

function pathOf(url: string): string {
  const question = url.indexOf("?");
  return question < 0 ? url : url.slice(0, question);
}

function matchOf(operation: Operation | undefined, model = "", version?: string): Match | undefined {
  if (operation === undefined) return undefined;
  return {
    operation,
    route: ROUTES[operation],
    model: decode(model),
    version: version === undefined ? undefined : decode(version),
  };
}

function matchFixed(path: string): Match | undefined {
  return matchOf(FIXED.get(path));
}

function matchModel(path: string): Match | undefined {
  if (!path.startsWith(MODELS)) return undefined;
  const [model, ...rest] = path.slice(MODELS.length).split("/");
  if (!model) return undefined;
  let version: string | undefined;
  if (rest[0] === "versions") {
    version = rest[1];
    if (!version) return undefined;
    rest.splice(0, 2);
  }
  return matchOf(OF_MODEL.get(rest.length > 0 ? `/${rest.join("/")}` : ""), model, version);
}

function matchRepository(path: string): Match | undefined {
  if (!path.startsWith(REPOSITORY)) return undefined;
  const slash = path.indexOf("/", REPOSITORY.length);
  if (slash <= REPOSITORY.length) return undefined;
  return matchOf(OF_REPOSITORY.get(path.slice(slash)), path.slice(REPOSITORY.length, slash));
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
