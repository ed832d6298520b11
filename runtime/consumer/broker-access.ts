import { readFileSync } from "node:fs";
import { messageOf } from "../message-of";
import { UsageError } from "../option-table";

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** What a TLS connection is made with; Node's names. */
export interface BrokerTls {
  readonly minVersion: "TLSv1.2";
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** How a broker is approached, whoever does so. */
export interface BrokerAccess {
  readonly brokerTls: boolean;
  readonly brokerCa?: string;
  readonly brokerCert?: string;
  readonly brokerKey?: string;
  readonly brokerAuth: (typeof BROKER_AUTHS)[number];
  readonly brokerUsernameFile?: string;
  readonly brokerPasswordFile?: string;
}

/** What its flags begin with, and its variables after SLIPWAY_. */
export type BrokerFlags = "--broker" | "--payload-broker";

export const BROKER_AUTHS = ["none", "plain", "scram-sha-256", "scram-sha-512"] as const;

/**
 * The user's name and password as they are now: files of a Secret change when it does.
 * @throws UsageError naming what is missing, never what was read
 */
export function brokerCredentials(
  { brokerUsernameFile, brokerPasswordFile }: BrokerAccess,
  env: NodeJS.ProcessEnv = process.env,
  flags: BrokerFlags = "--broker",
): Credentials {
  return {
    username: credential(flags, "username", brokerUsernameFile, env),
    password: credential(flags, "password", brokerPasswordFile, env),
  };
}

function credential(
  flags: BrokerFlags,
  what: "username" | "password",
  file: string | undefined,
  env: NodeJS.ProcessEnv,
): string {
  const flag = `${flags}-${what}-file`;
  const variable = `SLIPWAY_${flags.slice(2).replace("-", "_")}_${what}`.toUpperCase();
  // A line's end is the editor's.
  const value = file === undefined ? env[variable] : readText(flag, file).replace(/\r?\n$/, "");
  if (!value) {
    const where = file === undefined ? `nor the variable ${variable}` : "a file that is not empty";
    throw new UsageError(
      file === undefined
        ? `Neither \`${flag}\` ${where} is given, which \`${flags}-auth\` needs.`
        : `\`${flag}\` (${file}) must be ${where}.`,
    );
  }
  return value;
}

/** Undefined where the connection is not to be encrypted. @throws UsageError */
export function brokerTls(options: BrokerAccess, flags: BrokerFlags = "--broker"): BrokerTls | undefined {
  if (!options.brokerTls) return undefined;
  const { brokerCa: ca, brokerCert: cert, brokerKey: key } = options;
  return {
    minVersion: "TLSv1.2",
    ...(ca === undefined ? {} : { ca: readText(`${flags}-ca`, ca) }),
    ...(cert === undefined ? {} : { cert: readText(`${flags}-cert`, cert) }),
    ...(key === undefined ? {} : { key: readText(`${flags}-key`, key) }),
  };
}

/** What cannot be read now is a mistake, whereas later it may be a Secret that is being replaced. @throws UsageError */
export function checkBrokerAccess(options: BrokerAccess, flags: BrokerFlags = "--broker"): void {
  brokerTls(options, flags);
  if (options.brokerAuth !== "none") brokerCredentials(options, process.env, flags);
  else if (options.brokerUsernameFile ?? options.brokerPasswordFile)
    throw new UsageError(
      `\`${flags}-username-file\` and \`${flags}-password-file\` need a \`${flags}-auth\`.`,
    );
}

/** Whether it is `host:port`. */
export function isBrokerAddress(address: string): boolean {
  const port = /^[^\s:/@]+:(\d{1,5})$/.exec(address)?.[1];
  return port !== undefined && Number(port) >= 1 && Number(port) <= 65535;
}

function readText(flag: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`\`${flag}\` (${file}) cannot be read: ${messageOf(error)}.`);
  }
}
