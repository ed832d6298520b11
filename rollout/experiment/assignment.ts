import { createHash } from "node:crypto";

/** The live slot, and the one that is compared with it. */
export const ARMS = ["live", "candidate"] as const;
export type Arm = (typeof ARMS)[number];

/** Buckets that users fall into: shares have steps of a hundredth of a percent. */
export const BUCKETS = 10_000;

/**
 * The bucket of a user, from 0 to 9999: the first four bytes of SHA-256 over `salt`, a line feed and `key` in UTF-8, as a
 * big-endian number n, then floor(n · 10000 / 2³²). A client in any language computes the same.
 * @param key what stays the same for a user: an account's id, not a session's
 * @param salt the experiment's name: another experiment shuffles the users anew
 */
export function bucketOf(key: string, salt: string): number {
  if (salt.includes("\n")) throw new Error("`salt` must be one line");
  const hash = createHash("sha256").update(`${salt}\n${key}`, "utf8").digest();
  return Math.floor((hash.readUInt32BE(0) * BUCKETS) / 2 ** 32);
}

/**
 * The arm of a user: the candidate's for the lowest buckets. When the share grows, users join the candidate and none leaves it.
 * @param percent the candidate's share of users, from 0 to 100
 */
export function armOf(key: string, salt: string, percent: number): Arm {
  return bucketOf(key, salt) < (percent / 100) * BUCKETS ? "candidate" : "live";
}
