import { existsSync, readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, resolve } from "node:path";

/** The parts of a kubeconfig that this provider reads. */
export interface KubeconfigFile {
  "current-context"?: string;
  clusters?: { name: string; cluster: ClusterEntry }[];
  contexts?: { name: string; context: ContextEntry }[];
  users?: { name: string; user: UserEntry }[];
}

export interface ClusterEntry {
  server?: string;
  "certificate-authority"?: string;
  "certificate-authority-data"?: string;
  "insecure-skip-tls-verify"?: boolean;
  "tls-server-name"?: string;
  "proxy-url"?: string;
}

export interface ContextEntry {
  cluster?: string;
  user?: string;
  namespace?: string;
}

export interface UserEntry {
  "client-certificate"?: string;
  "client-certificate-data"?: string;
  "client-key"?: string;
  "client-key-data"?: string;
  token?: string;
  tokenFile?: string;
  username?: string;
  password?: string;
  exec?: object;
  "auth-provider"?: object;
}

/** One cluster and how to speak to it. */
export interface Target {
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
  readonly namespace?: string;
  /** The whole configuration, for tools that take a file. */
  readonly config: KubeconfigFile;
  readonly context: string;
}

export interface Selection {
  readonly context?: string;
  /** Overrides the context's cluster. */
  readonly cluster?: string;
}

const FILE_KEYS = ["certificate-authority", "client-certificate", "client-key", "tokenFile"] as const;

/** Paths in a kubeconfig are relative to the file. */
function absolutePaths<T extends object>(entry: T, folder: string): T {
  const copy = { ...entry } as Record<string, unknown>;
  for (const key of FILE_KEYS) {
    if (typeof copy[key] === "string") copy[key] = resolve(folder, copy[key]);
  }
  return copy as T;
}

/** Most kubeconfigs that programs write are JSON, and loading a YAML reader takes longer than a request. */
function parseAny(text: string): unknown {
  if (text.trimStart().startsWith("{")) {
    try {
      return JSON.parse(text);
    } catch {
      // YAML's own flow style looks alike.
    }
  }
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- deferred: see above
  return (require("yaml") as typeof import("yaml")).parse(text);
}

function parseText(text: string, origin: string): KubeconfigFile {
  let value: unknown;
  try {
    value = parseAny(text);
  } catch (error) {
    throw new Error(
      `The kubeconfig ${origin} is neither YAML nor JSON: ${(error as Error).message.split("\n")[0]}`,
    );
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error(`The kubeconfig ${origin} is neither a file that exists nor the contents of one.`);
  }
  return value;
}

function parseFile(path: string): KubeconfigFile {
  const config = parseText(readFileSync(path, "utf8"), `file "${path}"`);
  const folder = dirname(resolve(path));
  return {
    ...config,
    clusters: config.clusters?.map(({ name, cluster }) => ({
      name,
      cluster: absolutePaths(cluster, folder),
    })),
    users: config.users?.map(({ name, user }) => ({ name, user: absolutePaths(user ?? {}, folder) })),
  };
}

function expandHome(path: string): string {
  return path === "~" || path.startsWith("~/") ? homedir() + path.slice(1) : path;
}

/** Reads what a program may give as `kubeconfig`: a path (`~` allowed), or the contents themselves. */
export function readKubeconfig(pathOrContents: string): KubeconfigFile {
  const path = expandHome(pathOrContents.trim());
  // Contents span lines; asking the file system about them may fail with a name that is too long.
  if (!path.includes("\n") && path.length < 4096 && existsSync(path) && statSync(path).isFile()) {
    return parseFile(path);
  }
  return parseText(pathOrContents, "text");
}

function merge(first: KubeconfigFile, second: KubeconfigFile): KubeconfigFile {
  const join = <T extends { name: string }>(a: T[] = [], b: T[] = []): T[] => [
    ...a,
    ...b.filter(({ name }) => !a.some((entry) => entry.name === name)),
  ];
  return {
    "current-context": first["current-context"] || second["current-context"],
    clusters: join(first.clusters, second.clusters),
    contexts: join(first.contexts, second.contexts),
    users: join(first.users, second.users),
  };
}

const SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

function inCluster(): KubeconfigFile | undefined {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = process.env;
  if (!host || !port || !existsSync(`${SERVICE_ACCOUNT}/token`)) return undefined;
  const server = `https://${host.includes(":") ? `[${host}]` : host}:${port}`;
  const namespace = readFileSync(`${SERVICE_ACCOUNT}/namespace`, "utf8").trim();
  return {
    "current-context": "in-cluster",
    clusters: [
      { name: "in-cluster", cluster: { server, "certificate-authority": `${SERVICE_ACCOUNT}/ca.crt` } },
    ],
    contexts: [{ name: "in-cluster", context: { cluster: "in-cluster", user: "in-cluster", namespace } }],
    users: [{ name: "in-cluster", user: { tokenFile: `${SERVICE_ACCOUNT}/token` } }],
  };
}

/** What kubectl would use: `KUBECONFIG` (a list of files), `~/.kube/config`, or the pod's service account. */
export function ambientKubeconfig(): KubeconfigFile | undefined {
  const listed = (process.env.KUBECONFIG ?? "").split(":").filter((path) => path !== "");
  const paths = listed.length > 0 ? listed : [`${homedir()}/.kube/config`];
  const files = paths.filter((path) => existsSync(path)).map(parseFile);
  return files.length > 0 ? files.reduce(merge) : inCluster();
}

/** Picks one cluster. @throws Error naming the missing entry. */
export function selectTarget(config: KubeconfigFile, selection: Selection = {}): Target {
  const name = selection.context || config["current-context"] || "";
  const context = config.contexts?.find((entry) => entry.name === name)?.context;
  if (!context && !selection.cluster) {
    const known = (config.contexts ?? []).map((entry) => `"${entry.name}"`).join(", ") || "none";
    throw new Error(`The kubeconfig has no context "${name}"; it has ${known}.`);
  }
  const clusterName = selection.cluster || context?.cluster || "";
  const cluster = config.clusters?.find((entry) => entry.name === clusterName)?.cluster;
  if (!cluster?.server) throw new Error(`The kubeconfig has no cluster "${clusterName}" with a server.`);
  const user = config.users?.find((entry) => entry.name === context?.user)?.user ?? {};
  return { cluster, user, namespace: context?.namespace || undefined, config, context: name };
}
