import { generateKeyPairSync } from "node:crypto";
import type { RecordedSwitch, RecordEntry } from "../../../../rollout/record/entry";
import { appendEntry } from "../../../../rollout/record/chain";

const pair = (type: "ed25519" | "rsa") =>
  generateKeyPairSync(type as "ed25519", {
    ...(type === "rsa" && { modulusLength: 2048 }),
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });

export const KEY = pair("ed25519");
export const OTHER_KEY = pair("ed25519");
export const rsaKey = () => pair("rsa");

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;

/** A step of a canary that moved 10 % to green. */
export function recordedSwitch(change: Partial<RecordedSwitch> = {}): RecordedSwitch {
  return {
    service: "fraud",
    at: "2026-01-31T09:00:00.000Z",
    by: "alice@example.com",
    action: "step",
    why: "gates passed",
    live: "blue",
    from: { blue: 100, green: 0 },
    to: { blue: 90, green: 10 },
    digests: { blue: digest("a"), green: digest("b") },
    gates: [
      { gate: "errors", verdict: "passed", value: 0.2, max: 1, reason: "0.2 % of 512 requests failed" },
    ],
    ...change,
  };
}

/** So many entries a minute apart, chained and signed. */
export function chainOf(count: number, change: (index: number) => Partial<RecordedSwitch> = () => ({})) {
  const entries: RecordEntry[] = [];
  for (let i = 0; i < count; i++) {
    const at = new Date(Date.UTC(2026, 0, 31, 9, i)).toISOString();
    entries.push(appendEntry(entries.at(-1), recordedSwitch({ at, ...change(i) }), KEY.privateKey));
  }
  return entries;
}
