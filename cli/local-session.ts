import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PublishedRollout } from "../rollout/published";
import { SlipwayError } from "../toolchain/errors";
import { stateDir } from "../toolchain/paths";

export interface ServedModel {
  name: string;
  versions: string[];
}

/** What `up` leaves for the other commands: everything needed to call the running local stack. */
export interface LocalSession {
  /** e.g. https://localhost:8443 */
  endpoint: string;
  /** Path of the PEM file that clients must trust. */
  caCertificate: string;
  /** Path. */
  kubeconfig: string;
  /** Context of that kubeconfig, where it is not the current one that is meant. */
  context?: string;
  /** Loopback URLs with the credentials that they want; null where the cluster is not the embedded one. */
  prometheus: string | null;
  alertmanager: string | null;
  models: ServedModel[];
  /** Path of the PEM file (0600) with the key that signs tokens. */
  tokenKey: string;
  tokenKeyId: string;
  tokenIssuer: string;
  /** Services whose traffic can be switched, as the last update published them. */
  rollouts?: readonly PublishedRollout[];
  /** Path of the PEM file (0600) with the key that signs the records of switches. */
  recordKey?: string;
  /** PEM of the key that verifies them. */
  recordPublicKey?: string;
}

export function localDir(): string {
  return join(stateDir(), "local");
}

const sessionFile = () => join(localDir(), "session.json");

/** Writes whole files only: a reader never sees half of one. */
export function writePrivate(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // Two processes may write the same file.
  const whole = `${path}.${process.pid}.new`;
  try {
    writeFileSync(whole, content, { mode: 0o600 });
    renameSync(whole, path);
  } catch (error) {
    rmSync(whole, { force: true });
    throw error;
  }
}

export function saveSession(session: LocalSession): void {
  writePrivate(sessionFile(), JSON.stringify(session, null, 2));
}

export function forgetSession(): void {
  rmSync(localDir(), { recursive: true, force: true });
}

export const hasSession = (): boolean => existsSync(sessionFile());

/**
 * The running stack's session; throws one sentence where nothing is up.
 * @param otherwise what else the command could do, for that sentence
 */
export function requireSession(otherwise = ""): LocalSession {
  if (!hasSession())
    throw new SlipwayError(`nothing is up; \`npm run up\` starts the local stack${otherwise}`);
  return JSON.parse(readFileSync(sessionFile(), "utf8")) as LocalSession;
}
