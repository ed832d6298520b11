import { createHash, randomBytes } from "node:crypto";
import type { Autonaming } from "./provider";

interface AutonameOptions {
  /** The resource's logical name: what the generated name starts with. */
  readonly name: string;
  /** From the request, so that a preview and the update after it agree. Empty: truly random. */
  readonly randomSeed: Uint8Array;
  readonly autonaming?: Autonaming;
  /** Longest name that the API takes; the logical name is cut to fit. @default 63 */
  readonly maxLength?: number;
  /** Count of random hexadecimal digits. @default 8 */
  readonly randomLength?: number;
  /** @default "-" */
  readonly separator?: string;
}

/**
 * Makes the physical name of a resource whose program names none, e.g. `web-1f3a9c20`. Random, so that a replacement
 * can exist beside what it replaces. `undefined` where the stack's configuration disables generated names.
 */
export function autoName(options: AutonameOptions): string | undefined {
  const { name, randomSeed, autonaming, maxLength = 63, randomLength = 8, separator = "-" } = options;
  if (autonaming?.mode === "disable") return undefined;
  if (autonaming?.mode === "enforce") return autonaming.proposedName;
  // A proposal that does not fit would only be refused later.
  if (autonaming && autonaming.proposedName.length <= maxLength) return autonaming.proposedName;
  const seed = randomSeed.length > 0 ? randomSeed : randomBytes(32);
  const digits = createHash("sha256").update(seed).update(name).digest("hex").slice(0, randomLength);
  return `${name.slice(0, maxLength - randomLength - separator.length)}${separator}${digits}`;
}
