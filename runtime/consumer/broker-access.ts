import { readFileSync } from "node:fs";
import { messageOf } from "../message-of";
import { UsageError } from "../option-table";
import type { ConsumerOptions } from "./consumer-options";

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

const USERNAME = "SLIPWAY_BROKER_USERNAME";
const PASSWORD = "SLIPWAY_BROKER_PASSWORD";

/**
 * The user's name and password as they are now: files of a Secret change when it does.
 * @throws UsageError naming what is missing, never what was read
 */
export function brokerCredentials(
  { brokerUsernameFile, brokerPasswordFile }: ConsumerOptions,
  env: NodeJS.ProcessEnv = process.env,
): Credentials {
  return {
    username: credential("--broker-username-file", brokerUsernameFile, USERNAME, env),
    password: credential("--broker-password-file", brokerPasswordFile, PASSWORD, env),
  };
}

function credential(
  flag: string,
  file: string | undefined,
  variable: string,
  env: NodeJS.ProcessEnv,
): string {
  // A line's end is the editor's.
  const value = file === undefined ? env[variable] : readText(flag, file).replace(/\r?\n$/, "");
  if (!value) {
    const where = file === undefined ? `nor the variable ${variable}` : "a file that is not empty";
    throw new UsageError(
      file === undefined
        ? `Neither \`${flag}\` ${where} is given, which \`--broker-auth\` needs.`
        : `\`${flag}\` (${file}) must be ${where}.`,
    );
  }
  return value;
}

/** Undefined where the connection is not to be encrypted. @throws UsageError */
export function brokerTls(options: ConsumerOptions): BrokerTls | undefined {
  if (!options.brokerTls) return undefined;
  const { brokerCa: ca, brokerCert: cert, brokerKey: key } = options;
  return {
    minVersion: "TLSv1.2",
    ...(ca === undefined ? {} : { ca: readText("--broker-ca", ca) }),
    ...(cert === undefined ? {} : { cert: readText("--broker-cert", cert) }),
    ...(key === undefined ? {} : { key: readText("--broker-key", key) }),
  };
}

function readText(flag: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`\`${flag}\` (${file}) cannot be read: ${messageOf(error)}.`);
  }
}
