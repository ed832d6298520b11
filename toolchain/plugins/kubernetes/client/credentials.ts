import { readFileSync } from "node:fs";
import type { RequestOptions } from "node:https";
import type { Target, UserEntry } from "./kubeconfig";

function bytes(data: string | undefined, file: string | undefined): Buffer | undefined {
  if (data) return Buffer.from(data, "base64");
  return file ? readFileSync(file) : undefined;
}

function authorization(user: UserEntry): string | undefined {
  // A token file is read anew each time: kubelets rotate service account tokens.
  const token = user.tokenFile ? readFileSync(user.tokenFile, "utf8").trim() : user.token;
  if (token) return `Bearer ${token}`;
  if (!user.username) return undefined;
  return `Basic ${Buffer.from(`${user.username}:${user.password ?? ""}`).toString("base64")}`;
}

/** TLS options and headers for requests to a cluster. */
export interface Credentials {
  readonly tls: RequestOptions;
  /** Asked before every request, since tokens expire. */
  headers(): Promise<Record<string, string>>;
}

/**
 * Credentials of the common kinds are made here. Those of a plugin (`exec`, `auth-provider`) come from
 * `@kubernetes/client-node`, which is loaded only then: it takes longer than everything else that a preview does.
 */
export function credentialsFor(target: Target): Credentials {
  const { cluster, user } = target;
  const tls: RequestOptions = {
    ca: bytes(cluster["certificate-authority-data"], cluster["certificate-authority"]),
    cert: bytes(user["client-certificate-data"], user["client-certificate"]),
    key: bytes(user["client-key-data"], user["client-key"]),
    rejectUnauthorized: cluster["insecure-skip-tls-verify"] !== true,
    ...(cluster["tls-server-name"] ? { servername: cluster["tls-server-name"] } : {}),
  };
  if (user.exec || user["auth-provider"]) return pluginCredentials(target, tls);
  return {
    tls,
    async headers(): Promise<Record<string, string>> {
      const value = authorization(user);
      return value === undefined ? {} : { Authorization: value };
    },
  };
}

function pluginCredentials(target: Target, tls: RequestOptions): Credentials {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- deferred: see above
  const { KubeConfig } = require("@kubernetes/client-node") as typeof import("@kubernetes/client-node");
  const config = new KubeConfig();
  config.loadFromString(JSON.stringify(target.config), {});
  config.setCurrentContext(target.context);
  const options: RequestOptions = { ...tls };
  return {
    // An exec plugin may hand out a client certificate; it is filled in by the first `headers()`.
    tls: options,
    async headers(): Promise<Record<string, string>> {
      const applied: RequestOptions = { headers: {} };
      await config.applyToHTTPSOptions(applied);
      if (applied.cert) Object.assign(options, { cert: applied.cert, key: applied.key });
      const headers = applied.headers as Record<string, string | string[] | undefined>;
      const value = headers.Authorization ?? headers.authorization;
      return value === undefined ? {} : { Authorization: String(value) };
    },
  };
}
