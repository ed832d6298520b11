import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Layout } from "./layout";
import { writeIfChanged } from "./write-file";

/** Who may ask Prometheus and Alertmanager through this machine's loopback ports. */
export interface MonitoringCredentials {
  readonly user: string;
  readonly password: string;
}

const USER = "slipway";
/** 192 bits. */
const PASSWORD_BYTES = 24;

const credentialsPath = (layout: Layout) => join(layout.config, "monitoring-credentials.json");

/** Those of this cluster; made by its first start, in a file that its owner alone can read. */
export function ensureMonitoringCredentials(layout: Layout): MonitoringCredentials {
  const path = credentialsPath(layout);
  const content = existsSync(path)
    ? readFileSync(path, "utf8")
    : JSON.stringify({ user: USER, password: randomBytes(PASSWORD_BYTES).toString("base64url") });
  // Also where it is there: a file that others were let at is closed again.
  writeIfChanged(path, content, 0o600);
  return JSON.parse(content) as MonitoringCredentials;
}

/** A loopback URL that answers whoever has it. */
export function authorizedUrl(port: number, { user, password }: MonitoringCredentials): string {
  return `http://${user}:${password}@127.0.0.1:${port}`;
}
