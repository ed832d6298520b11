import { readFileSync } from "node:fs";
import { messageOf } from "../message-of";
import { UsageError } from "../option-table";

/** The `Authorization` header for a host (`host` or `host:port`); undefined where the file has none. */
export type Authorization = (host: string) => string | undefined;

/**
 * Reads a `config.json` as `docker login` and Kubernetes' image pull secrets have it.
 * @throws UsageError naming the file
 */
export function readRegistryAuth(file: string): Authorization {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const why = error instanceof SyntaxError ? "it is not valid JSON" : messageOf(error);
    throw new UsageError(`\`--registry-auth-file\` (${file}) cannot be read: ${why}.`);
  }
  const auths = (value as { auths?: unknown } | null)?.auths;
  if (typeof auths !== "object" || auths === null) {
    throw new UsageError(
      `\`--registry-auth-file\` (${file}) must be a JSON object with \`auths\`, as \`docker login\` writes it.`,
    );
  }
  const byHost = new Map(
    Object.entries(auths as Record<string, unknown>).map(([name, entry]) => [hostOf(name), headerOf(entry)]),
  );
  return (host) => byHost.get(host);
}

/** Keys are hosts, or addresses such as `https://index.docker.io/v1/`. */
function hostOf(name: string): string {
  return name.replace(/^https?:\/\//, "").split("/")[0]!;
}

function headerOf(entry: unknown): string | undefined {
  const { auth, username, password } = (entry ?? {}) as Record<string, unknown>;
  if (typeof auth === "string" && auth !== "") return `Basic ${auth}`;
  if (typeof username !== "string" || typeof password !== "string") return undefined;
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}
