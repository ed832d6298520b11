import { readFileSync } from "node:fs";
import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { dirname, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { parse } from "yaml";
import { messageOf, SlipwayError } from "../../errors";

/** How long the server may say nothing before the connection is probed, in milliseconds: finds a silently dead one. */
const keepAliveDelayMs = 30_000;

interface Kubeconfig {
  readonly "current-context"?: string;
  readonly contexts?: readonly { name: string; context: { cluster: string; user: string } }[];
  readonly clusters?: readonly { name: string; cluster: Fields }[];
  readonly users?: readonly { name: string; user: Fields }[];
}

type Fields = Readonly<Record<string, string | undefined>>;

/** Sends a GET to a path of the API server; the answer has status 200 and its body is still to be read. */
export type ApiGet = (path: string, signal: AbortSignal) => Promise<IncomingMessage>;

/**
 * Reading access to the API server that a kubeconfig file names, with a client certificate or a token. A client library
 * would triple the memory of this process, which runs for as long as the cluster does.
 *
 * @throws SlipwayError if the file cannot be read or names no server
 */
export function apiServer(kubeconfigPath: string): ApiGet {
  const { server, tls, headers } = readKubeconfig(kubeconfigPath);
  return async (path, signal) => {
    const url = new URL(server.replace(/\/$/, "") + path);
    const response = await new Promise<IncomingMessage>((fulfil, reject) => {
      const request = (url.protocol === "http:" ? http : https).request(url, { ...tls, headers, signal });
      request.once("socket", (socket) => socket.setKeepAlive(true, keepAliveDelayMs));
      request.once("response", fulfil).once("error", reject).end();
    });
    if (response.statusCode !== 200) {
      const reason = reasonIn(await text(response));
      throw new Error(`GET ${url.pathname} answered ${response.statusCode}: ${reason}`);
    }
    return response;
  };
}

/** The sentence in the API's Status object; other bodies as they are. */
function reasonIn(body: string): string {
  try {
    return (JSON.parse(body) as { message?: string }).message ?? body;
  } catch {
    return body.trim().slice(0, 300);
  }
}

function readKubeconfig(path: string) {
  const config = parseFile(path);
  const context = config.contexts?.find(({ name }) => name === config["current-context"])?.context;
  const cluster = config.clusters?.find(({ name }) => name === context?.cluster)?.cluster;
  const user = config.users?.find(({ name }) => name === context?.user)?.user ?? {};
  if (cluster?.server === undefined) {
    throw new SlipwayError(
      `The kubeconfig ${path} names no server: set its current-context to one of its contexts.`,
    );
  }
  return {
    server: cluster.server,
    tls: {
      ca: material(cluster, "certificate-authority", path),
      cert: material(user, "client-certificate", path),
      key: material(user, "client-key", path),
    },
    headers: {
      accept: "application/json",
      ...(user.token === undefined ? {} : { authorization: `Bearer ${user.token}` }),
    },
  };
}

function parseFile(path: string): Kubeconfig {
  try {
    return (parse(readFileSync(path, "utf8")) ?? {}) as Kubeconfig;
  } catch (error) {
    throw new SlipwayError(`The kubeconfig ${path} cannot be read: ${messageOf(error)}.`);
  }
}

/** A key or certificate: written into the file in base64, or the path of another file, relative to this one. */
function material(fields: Fields, name: string, kubeconfigPath: string): Buffer | undefined {
  const data = fields[`${name}-data`];
  const file = fields[name];
  if (data !== undefined) {
    return Buffer.from(data, "base64");
  }
  return file === undefined ? undefined : readFileSync(resolve(dirname(kubeconfigPath), file));
}
