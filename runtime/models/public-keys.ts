import { createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { UsageError } from "../option-table";
import { unreadable } from "../unreadable";

const PEM_BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[^-]+-----END \1-----/g;

/**
 * Reads the keys that models may be signed with. A file may hold several, for the time of a rotation.
 * @returns each key as PEM @throws UsageError naming the option and the file
 */
export function readPublicKeys(flag: string, files: readonly string[]): string[] {
  return files.flatMap((file) => {
    let text: string;
    try {
      text = readFileSync(file, "utf8");
    } catch (error) {
      throw unreadable(flag, file, error);
    }
    const blocks = [...text.matchAll(PEM_BLOCK)];
    if (blocks.length === 0 || !blocks.every(([pem, label]) => label === "PUBLIC KEY" && isEd25519(pem))) {
      throw new UsageError(
        `\`${flag}\` (${file}) must hold Ed25519 public keys as PEM (\`-----BEGIN PUBLIC KEY-----\`) and nothing else.`,
      );
    }
    return blocks.map(([pem]) => `${pem}\n`);
  });
}

/** Whether a value is one Ed25519 public key as PEM and nothing else. */
export function isPublicKey(value: unknown): boolean {
  if (typeof value !== "string") return false;
  const [block] = value.matchAll(PEM_BLOCK);
  return block !== undefined && block[0] === value.trim() && block[1] === "PUBLIC KEY" && isEd25519(block[0]);
}

function isEd25519(pem: string): boolean {
  try {
    return createPublicKey(pem).asymmetricKeyType === "ed25519";
  } catch {
    return false;
  }
}
