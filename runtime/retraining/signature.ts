import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { UsageError } from "../option-table";
import { unreadable } from "../unreadable";

const PREFIX = "whsec_";
/** Bytes of a secret, as the specification bounds them. */
const LEAST_BYTES = 24;
const MOST_BYTES = 64;
/** Secrets at a time: the new one and those that receivers still know. */
const MOST_SECRETS = 4;

/**
 * Headers that a body is signed by, as Standard Webhooks has them: HMAC-SHA256 of `id.timestamp.body`, one signature per secret
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
 * @param seconds since 1970, when this attempt is made
 */
export function signatureHeaders(
  secrets: readonly Buffer[],
  id: string,
  seconds: number,
  body: string,
): Record<string, string> {
  const headers = { "webhook-id": id, "webhook-timestamp": String(seconds) };
  if (secrets.length === 0) return headers;
  const signatures = secrets.map(
    (secret) => `v1,${createHmac("sha256", secret).update(`${id}.${seconds}.${body}`).digest("base64")}`,
  );
  return { ...headers, "webhook-signature": signatures.join(" ") };
}

/**
 * The secrets of a file, a line each: `whsec_` and base64 of 24 to 64 bytes. While a secret is replaced the file has both.
 * @throws UsageError, never with what was read
 */
export function readSecrets(flag: string, file: string): Buffer[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw unreadable(flag, file, error);
  }
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  if (lines.length === 0 || lines.length > MOST_SECRETS) {
    throw new UsageError(`\`${flag}\` (${file}) must hold 1 to ${MOST_SECRETS} secrets, a line each.`);
  }
  return lines.map((line, i) => {
    const secret = line.startsWith(PREFIX) ? Buffer.from(line.slice(PREFIX.length), "base64") : undefined;
    const isWhole = secret?.toString("base64") === line.slice(PREFIX.length);
    if (!secret || !isWhole || secret.length < LEAST_BYTES || secret.length > MOST_BYTES) {
      throw new UsageError(
        `Line ${i + 1} of \`${flag}\` (${file}) must be whsec_ and ${LEAST_BYTES} to ${MOST_BYTES} random bytes in base64: \`echo "whsec_$(openssl rand -base64 32)"\` makes one.`,
      );
    }
    return secret;
  });
}
